from django.urls import path

from shop.seller.paper import prices, views

urlpatterns = [
    path("giay-to/", views.choose, name="paper"),
    path("giay-to/phieu-soan-hang.pdf", views.pick, name="paper-pick"),
    path("giay-to/phieu-dong-goi.pdf", views.slips, name="paper-slips"),
    path("giay-to/nhan-dia-chi.pdf", views.labels, name="paper-labels"),
    path("giay-to/phieu-giao-hang.pdf", views.contracts, name="paper-contracts"),
    path("giay-to/ap-phich.pdf", views.poster, name="paper-poster"),
    path("giay-to/bang-gia/", prices.choose, name="paper-prices"),
    path("giay-to/bang-gia/nhan.pdf", prices.sheet, name="paper-prices-sheet"),
]
