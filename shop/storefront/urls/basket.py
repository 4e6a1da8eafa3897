from django.urls import path

from shop.storefront import basket

urlpatterns = [
    path("", basket.BasketView.as_view(), name="summary"),
    path("them/", basket.AddView.as_view(), name="add"),
]
