from django.urls import include, path

from shop.seller import views

app_name = "seller"

urlpatterns = [
    path("", views.today, name="index"),
    path("them/", views.more, name="more"),
    path("don/<slug:number>/", views.order, name="order"),
    path("don/<slug:number>/da-nhan-tien/", views.money_confirm, name="money"),
    path("don/<slug:number>/nhan/", views.accept, name="accept"),
    path("don/<slug:number>/tu-choi/", views.refuse, name="refuse"),
    path("", include("shop.seller.money.urls")),
    path("", include("shop.seller.accounts.urls")),
    path("", include("shop.seller.cash.urls")),
    path("", include("shop.seller.paper.urls")),
]
