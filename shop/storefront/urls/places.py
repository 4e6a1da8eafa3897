from django.urls import path

from shop.storefront import places
from shop.storefront.same_origin import same_origin_only

urlpatterns = [
    path("noi-nhan/", same_origin_only(places.PlaceView.as_view()), name="set"),
    path("noi-nhan/xa-phuong/", places.communes, name="communes"),
]
