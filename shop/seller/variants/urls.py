from django.urls import path

from shop.seller.variants import views

urlpatterns = [
    path("hang/<int:pk>/quy-cach/", views.listed, name="variants"),
    path("hang/<int:pk>/quy-cach/moi/", views.NewView.as_view(), name="variant-new"),
    path("hang/<int:pk>/quy-cach/<int:size>/", views.EditView.as_view(), name="variant"),
    path("hang/<int:pk>/quy-cach/<int:size>/ngung-ban/", views.retire, name="variant-retire"),
    path("hang/<int:pk>/quy-cach/<int:size>/ban-lai/", views.restore, name="variant-restore"),
]
