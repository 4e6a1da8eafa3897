from django.urls import path

from shop.seller.reviews import everyone, views

urlpatterns = [
    path("danh-gia/", views.reviews, name="reviews"),
    path("danh-gia/<int:pk>/tra-loi/", views.reply, name="review-reply"),
    path("danh-gia/tat-ca/", everyone.reviews_everyone, name="reviews-everyone"),
    path("danh-gia/tat-ca/<int:pk>/", everyone.review_decide, name="review-decide"),
]
