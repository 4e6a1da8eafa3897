from shop.payment.vietqr.feeds.payos.webhook import PayOS

__all__ = ["PayOS"]
