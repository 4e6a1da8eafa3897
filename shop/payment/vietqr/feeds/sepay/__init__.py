from shop.payment.vietqr.feeds.sepay.webhook import SePay

__all__ = ["SePay"]
