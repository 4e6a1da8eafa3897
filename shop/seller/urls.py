from django.urls import include, path

from shop.seller import views
from shop.seller.access import closed_by_default

app_name = "seller"

urlpatterns = [
    path("them/", views.more, name="more"),
    path("don/<slug:number>/", views.order, name="order"),
    path("don/<slug:number>/da-nhan-tien/", views.money_confirm, name="money"),
    path("don/<slug:number>/nhan/", views.accept, name="accept"),
    path("don/<slug:number>/tu-choi/", views.refuse, name="refuse"),
    path("", include("shop.seller.orders.urls")),
    path("", include("shop.seller.money.urls")),
    path("", include("shop.seller.accounts.urls")),
    path("", include("shop.seller.cash.urls")),
    path("", include("shop.seller.people.urls")),
    path("", include("shop.seller.apply.urls")),
    path("", include("shop.seller.variants.urls")),
    path("giao-hang/", include("shop.seller.delivery.urls")),
    path("khuyen-mai/", include("shop.seller.offers.urls")),
    path("", include("shop.seller.notices.urls")),
    path("", include("shop.seller.claims.urls")),
    path("", include("shop.seller.reviews.urls")),
    path("", include("shop.seller.products.urls")),
    path("", include("shop.seller.paper.urls")),
    path("", include("shop.seller.numbers.urls")),
]
urlpatterns = closed_by_default(urlpatterns)
