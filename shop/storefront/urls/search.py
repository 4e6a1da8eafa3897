from django.urls import path

from shop.storefront import catalogue

urlpatterns = [path("tim-kiem/", catalogue.search, name="search")]
