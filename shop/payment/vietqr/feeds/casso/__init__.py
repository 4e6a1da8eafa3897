from shop.payment.vietqr.feeds.casso.webhook import Casso

__all__ = ["Casso"]
