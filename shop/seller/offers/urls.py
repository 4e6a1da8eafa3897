from django.urls import path

from shop.seller.offers import views

urlpatterns = [
    path("", views.index, name="offers"),
    path("them/", views.new, name="offer-new"),
    path("<int:pk>/", views.detail, name="offer"),
    path("<int:pk>/sua/", views.change, name="offer-change"),
    path("<int:pk>/ngung/", views.stop, name="offer-stop"),
    path("<int:pk>/ma/", views.codes, name="offer-codes"),
]
