from django.urls import path

from shop.storefront import catalogue, product

urlpatterns = [
    path("san-pham/", catalogue.index, name="index"),
    path("san-pham/<slug:product_slug>-<int:pk>/", product.detail, name="detail"),
    path("san-pham/<slug:product_slug>-<int:pk>/qr.svg", product.qr, name="qr"),
    path("danh-muc/<slug:category_slug>/", catalogue.category, name="category"),
]
