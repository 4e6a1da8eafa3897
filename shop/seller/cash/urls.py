from django.urls import path

from shop.seller.cash import orders, views

urlpatterns = [
    path("tien-mat/", views.LedgerView.as_view(), name="cash"),
    path("tien-mat/cai-dat/", views.SettingsView.as_view(), name="cash-settings"),
    path("don/<slug:number>/da-goi/", orders.take, name="cash-take"),
    path("don/<slug:number>/khong-nghe-may/", orders.miss, name="cash-miss"),
    path("don/<slug:number>/giao-xong/", orders.deliver, name="cash-deliver"),
    path("don/<slug:number>/khach-khong-nhan/", orders.door, name="cash-door"),
]
