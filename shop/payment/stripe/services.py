"""Everything that may be asked of card payments, in one place.

Opening, asking about and ending payment pages: ``sessions``. News from Stripe: ``events``. Money back: ``refunds``.
Connected accounts: ``transfers``. What one account owes the cooperatives: ``ledger``. Stripe is called outside
database transactions; every function may be called again with the same arguments.
"""

from shop.payment.stripe.client import StripeRefused, StripeUnavailable
from shop.payment.stripe.events import event_check, event_done, event_store, refunds_check
from shop.payment.stripe.facts import Facts, RefundFacts, SessionFacts, Share, event_facts
from shop.payment.stripe.ledger import (
    Statement,
    available,
    payable_add,
    payables_apply,
    payables_balance,
    payout_record,
    statement_of,
)
from shop.payment.stripe.refunds import refund_send
from shop.payment.stripe.sessions import session_check, session_expire, session_open, sessions_end
from shop.payment.stripe.transfers import account_link, transfer_send

__all__ = [
    "Facts",
    "RefundFacts",
    "SessionFacts",
    "Share",
    "Statement",
    "StripeRefused",
    "StripeUnavailable",
    "account_link",
    "available",
    "event_check",
    "event_done",
    "event_facts",
    "event_store",
    "payable_add",
    "payables_apply",
    "payables_balance",
    "payout_record",
    "refund_send",
    "refunds_check",
    "session_check",
    "session_expire",
    "session_open",
    "sessions_end",
    "statement_of",
    "transfer_send",
]
