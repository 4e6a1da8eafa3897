from django.urls import path

from shop.seller.money import everyone, inbox, parts, refunds

urlpatterns = [
    path("tien/", inbox.inbox, name="inbox"),
    path("tien/tat-ca/", everyone.everyone, name="everyone"),
    path("tien/tra-lai/", refunds.refunds, name="refunds"),
    path("tien/tra-lai/<int:pk>/", refunds.refund, name="refund"),
    path("tien/tra-lai/<int:pk>/ma-qr.png", refunds.refund_qr, name="refund-qr"),
    path("tien/tra-lai/<int:pk>/tai-khoan/", refunds.account, name="refund-account"),
    path("tien/tra-lai/<int:pk>/da-tra/", refunds.settle, name="refund-settle"),
    path("tien/tra-lai/<int:pk>/ve-the/", refunds.to_card, name="refund-to-card"),
    path("tien/tra-lai/<int:pk>/bo/", refunds.drop, name="refund-drop"),
    path("tien/<int:pk>/", inbox.line, name="line"),
    path("tien/<int:pk>/len-don/", inbox.place, name="line-place"),
    path("tien/<int:pk>/chia/", inbox.split, name="line-split"),
    path("tien/<int:pk>/tra-lai/", inbox.send_back, name="line-return"),
    path("tien/<int:pk>/bo-qua/", inbox.ignore, name="line-ignore"),
    path("tien/<int:pk>/hoan-tac/", inbox.undo, name="line-undo"),
    path("don/<slug:number>/tra-lai/", parts.part, name="order-part"),
]
