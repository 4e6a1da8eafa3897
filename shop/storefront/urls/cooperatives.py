from django.urls import path

from shop.storefront import cooperatives

urlpatterns = [
    path("hop-tac-xa/", cooperatives.index, name="index"),
    path("hop-tac-xa/<slug:slug>/", cooperatives.detail, name="detail"),
]
