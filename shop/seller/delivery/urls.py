from django.urls import path

from shop.seller.delivery import hours, trying, views

urlpatterns = [
    path("", views.overview, name="delivery"),
    path("them/", views.new, name="delivery-new"),
    path("<int:pk>/", views.edit, name="delivery-edit"),
    path("<int:pk>/bat-tat/", views.switch, name="delivery-switch"),
    path("<int:pk>/xoa/", views.remove, name="delivery-remove"),
    path("ngay-gio/", hours.page, name="delivery-hours"),
    path("ngay-nghi/", hours.close, name="delivery-close"),
    path("ngay-nghi/<int:pk>/xoa/", hours.reopen, name="delivery-reopen"),
    path("thu/", trying.page, name="delivery-try"),
]
