from django.urls import path

from shop.storefront import claims, lookup, quiet, reviews
from shop.storefront.orders import accounts, cards, contracts, views

urlpatterns = [
    path("tra-cuu/", lookup.LookupView.as_view(), name="lookup"),
    path("don-hang/<slug:code>/", views.GroupView.as_view(), name="group"),
    path("don-hang/<slug:code>/hop-dong.pdf", contracts.contract, name="contract"),
    path("don-hang/<slug:code>/trang-thai/", views.status, name="status"),
    path("don-hang/<slug:code>/the/", cards.begin, name="card-begin"),
    path("don-hang/<slug:code>/the/xong/", cards.card_return, name="card-return"),
    path("don-hang/<slug:code>/the/<int:pk>/", cards.card_page, name="card"),
    path("don-hang/<slug:code>/<slug:number>/", views.OrderView.as_view(), name="detail"),
    path("don-hang/<slug:code>/<slug:number>/qr.png", views.qr_png, name="qr"),
    path("don-hang/<slug:code>/<slug:number>/doi-cach-tra/", views.switch, name="switch"),
    path("don-hang/<slug:code>/<slug:number>/da-chuyen/", views.claim, name="claim"),
    path("don-hang/<slug:code>/<slug:number>/huy/", views.cancel, name="cancel"),
    path("don-hang/<slug:code>/<slug:number>/tai-khoan-nhan-lai/", accounts.AccountView.as_view(), name="account"),
    path("don-hang/<slug:code>/<slug:number>/su-co/", claims.ClaimsView.as_view(), name="claims"),
    path("don-hang/<slug:code>/<slug:number>/su-co/<slug:claim>/", claims.claim, name="claim-case"),
    path("don-hang/<slug:code>/<slug:number>/su-co/<slug:claim>/tra-loi/", claims.reply, name="claim-reply"),
    path("don-hang/<slug:code>/<slug:number>/su-co/<slug:claim>/xong/", claims.close, name="claim-close"),
    path("don-hang/<slug:code>/<slug:number>/su-co/<slug:claim>/anh/<int:pk>/", claims.photo, name="claim-photo"),
    path("don-hang/<slug:code>/<slug:number>/nhan-xet/", reviews.ReviewView.as_view(), name="review"),
    path("thoi-nhan-tin/<slug:token>/", quiet.QuietView.as_view(), name="quiet"),
]
