from django.urls import path

from shop.seller.orders import today, views

urlpatterns = [
    path("", today.today, name="index"),
    path("hom-nay/", today.news, name="news"),
    path("dong-goi/", views.bulk, name="bulk"),
    path("don/<slug:number>/dong-goi/", views.pack, name="pack"),
    path("don/<slug:number>/gui-di/", views.hand_over, name="hand-over"),
    path("don/<slug:number>/da-giao/", views.deliver, name="deliver"),
    path("don/<slug:number>/hoan-ve/", views.give_back, name="return"),
    path("don/<slug:number>/hoan-tac/", views.undo, name="undo"),
    path("don/<slug:number>/bot-so-luong/", views.reduce, name="reduce"),
]
