from django.urls import path

from shop.storefront import checkout

urlpatterns = [path("", checkout.CheckoutView.as_view(), name="index")]
