from django.urls import path

from shop.seller.notices import views

urlpatterns = [
    path("tin-nhan/", views.notices, name="notices"),
    path("tin-nhan/luu/", views.save, name="notices-save"),
    path("tin-nhan/cua-toi/", views.mine, name="notices-mine"),
    path("tin-nhan/mau/", views.samples, name="notices-samples"),
]
