"""Objects as the API shows them: what the shop never looks at is there too, empty as for a plain card payment."""

import copy
from typing import Any

Thing = dict[str, Any]


def nothing(*names: str) -> Thing:
    """Fields that are null."""
    return dict.fromkeys(names)


INTENT: Thing = {
    **nothing("application", "application_fee_amount", "canceled_at", "cancellation_reason", "client_secret"),
    **nothing("customer", "description", "last_payment_error", "latest_charge", "next_action", "on_behalf_of"),
    **nothing("payment_method", "processing", "receipt_email", "review", "setup_future_usage", "shipping", "source"),
    **nothing("statement_descriptor", "statement_descriptor_suffix", "transfer_data", "transfer_group"),
    **nothing("automatic_payment_methods", "payment_method_configuration_details", "payment_method_options"),
    "object": "payment_intent",
    "amount_capturable": 0,
    "amount_received": 0,
    "capture_method": "automatic_async",
    "confirmation_method": "automatic",
    "livemode": False,
    "metadata": {},
    "payment_method_types": ["card"],
    "status": "requires_payment_method",
}
CHARGE: Thing = {
    **nothing("application", "application_fee", "application_fee_amount", "balance_transaction", "customer"),
    **nothing("calculated_statement_descriptor", "description", "failure_balance_transaction", "failure_code"),
    **nothing("failure_message", "on_behalf_of", "outcome", "payment_method", "receipt_email", "receipt_number"),
    **nothing("receipt_url", "review", "shipping", "source", "source_transfer", "statement_descriptor"),
    **nothing("statement_descriptor_suffix", "transfer_data", "transfer_group"),
    "object": "charge",
    "amount_captured": 0,
    "amount_refunded": 0,
    "billing_details": {"address": None, "email": None, "name": None, "phone": None, "tax_id": None},
    "captured": False,
    "disputed": False,
    "fraud_details": {},
    "livemode": False,
    "metadata": {},
    "paid": False,
    "refunded": False,
}
REFUND: Thing = {
    **nothing("balance_transaction", "charge", "payment_intent", "reason", "receipt_number"),
    **nothing("source_transfer_reversal", "transfer_reversal"),
    "object": "refund",
    "destination_details": {"type": "card", "card": {"type": "refund"}},
    "metadata": {},
}
DISPUTE: Thing = {
    "object": "dispute",
    "balance_transactions": [],
    "enhanced_eligibility_types": [],
    "evidence": {"enhanced_evidence": {}},
    "evidence_details": {
        "due_by": None,
        "enhanced_eligibility": {},
        "has_evidence": False,
        "past_due": False,
        "submission_count": 0,
    },
    "livemode": False,
    "metadata": {},
    "reason": "fraudulent",
}
TRANSFER: Thing = {
    **nothing("balance_transaction", "description", "source_transaction", "transfer_group"),
    "object": "transfer",
    "amount_reversed": 0,
    "livemode": False,
    "metadata": {},
    "reversals": {"object": "list", "data": [], "has_more": False, "url": ""},
    "reversed": False,
    "source_type": "card",
}
REVERSAL: Thing = {
    **nothing("balance_transaction", "destination_payment_refund", "source_refund"),
    "object": "transfer_reversal",
    "metadata": {},
}
SESSION: Thing = {
    **nothing("adaptive_pricing", "after_expiration", "allow_promotion_codes", "allowed_payment_method_types"),
    **nothing("billing_address_collection", "branding_settings", "cancel_url", "client_reference_id"),
    **nothing("client_secret", "collected_information", "consent", "consent_collection", "currency_conversion"),
    **nothing("customer", "customer_account", "customer_creation", "customer_details", "customer_email"),
    **nothing("discounts", "invoice", "invoice_creation", "locale", "origin_context", "payment_intent"),
    **nothing("payment_link", "payment_method_configuration_details", "payment_method_options", "permissions"),
    **nothing("recovered_from", "saved_payment_method_options", "setup_intent", "shipping_address_collection"),
    **nothing("shipping_cost", "submit_type", "subscription", "success_url", "total_details", "url"),
    **nothing("wallet_options"),
    "object": "checkout.session",
    "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
    "custom_fields": [],
    "custom_text": {
        "after_submit": None,
        "shipping_address": None,
        "submit": None,
        "terms_of_service_acceptance": None,
    },
    "livemode": False,
    "metadata": {},
    "mode": "payment",
    "payment_method_collection": "if_required",
    "payment_method_types": ["card"],
    "payment_status": "unpaid",
    "shipping_options": [],
    "status": "open",
    "ui_mode": "hosted_page",
}


def shape(blank: Thing, **values: Any) -> Thing:
    """A new object."""
    return copy.deepcopy(blank) | values
