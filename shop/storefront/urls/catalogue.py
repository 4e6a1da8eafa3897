from django.urls import path

from shop.storefront import catalogue, product, reviews

urlpatterns = [
    path("san-pham/", catalogue.index, name="index"),
    path("san-pham/<slug:product_slug>-<int:pk>/", product.detail, name="detail"),
    path("san-pham/<slug:product_slug>-<int:pk>/qr.svg", product.qr, name="qr"),
    path("san-pham/<slug:product_slug>-<int:pk>/nhan-xet/", product.reviews, name="reviews"),
    path("san-pham/anh-nhan-xet/<int:pk>.jpg", reviews.photo, name="review-photo"),
    path("danh-muc/<slug:category_slug>/", catalogue.category, name="category"),
]
