from django.urls import path

from shop.storefront import lookup, orders

urlpatterns = [
    path("tra-cuu/", lookup.LookupView.as_view(), name="lookup"),
    path("don-hang/<slug:code>/", orders.GroupView.as_view(), name="group"),
    path("don-hang/<slug:code>/trang-thai/", orders.status, name="status"),
    path("don-hang/<slug:code>/<slug:number>/", orders.OrderView.as_view(), name="detail"),
    path("don-hang/<slug:code>/<slug:number>/qr.png", orders.qr_png, name="qr"),
    path("don-hang/<slug:code>/<slug:number>/doi-cach-tra/", orders.switch, name="switch"),
    path("don-hang/<slug:code>/<slug:number>/da-chuyen/", orders.claim, name="claim"),
    path("don-hang/<slug:code>/<slug:number>/huy/", orders.cancel, name="cancel"),
]
