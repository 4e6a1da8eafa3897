"""What is in the archive: each table a list of named columns, so that nothing gets in by being new.

Never in it: credentials of banks' services and what they sent, sealed identity numbers, keys of links.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from oscar.core.loading import get_model

from shop.audit.models import AuditEntry
from shop.certifications.models import Certification
from shop.claims.models import Claim
from shop.cooperatives.models import Cooperative, Membership
from shop.delivery.models import DeliveryRate, DeliveryService
from shop.fulfilment.models import Consignment, ConsignmentEvent, Reduction
from shop.listings.fields import FREE, LIMITS
from shop.listings.models import Listing
from shop.notices.models import CooperativeNotices
from shop.onboarding.models import Paper
from shop.order.models import Line
from shop.payment.cod.models import CashEntry
from shop.payment.refunds.models import Refund
from shop.payment.stripe.models import Payable
from shop.payment.vietqr.models import BankAccount, BankLine
from shop.promotions.models import CooperativeOffer
from shop.reviews.models import LineReview
from shop.team.models import Invitation
from shop.variants.models import Variant

ProductImage = get_model("catalogue", "ProductImage")
Transaction = get_model("payment", "Transaction")
CHUNK = 1_000


@dataclass(frozen=True)
class Table:
    """One table: its file's name, what it is in English words for the README, its columns and its rows."""

    name: str
    about: str
    columns: dict[str, str]
    rows: Callable[[Cooperative], QuerySet[Any]]

    def read(self, cooperative: Cooperative) -> Iterator[list[Any]]:
        """The rows as plain values, one query however many they are."""
        found = self.rows(cooperative).order_by("pk").values_list(*self.columns.values())
        for row in found.iterator(chunk_size=CHUNK):
            yield [plain(value) for value in row]


def same(*names: str, **others: str) -> dict[str, str]:
    """Columns called as the fields are, and others with names of their own."""
    return {name: name for name in names} | others


def of(model: Any, path: str = "cooperative") -> Callable[[Cooperative], QuerySet[Any]]:
    """Rows of the model that belong to the cooperative."""
    return lambda cooperative: model.objects.filter(**{path: cooperative})


#: What a cooperative says about its goods: the fields of the editor.
GOODS = {name: "product__title" if name == "title" else name for name in LIMITS}

TABLES: tuple[Table, ...] = (
    Table("cooperative", "The cooperative itself", same(
        "name", "name_en", "kind", "legal_name", "tax_code", "representative", "phone", "zalo", "email", "ward_code",
        "address", "intro_vi", "intro_en", "pickup_vi", "pickup_en", "accepts_cod", "cod_limit", "created_at",
    ), lambda cooperative: Cooperative.objects.filter(pk=cooperative.pk)),
    Table("goods", "Goods, with the fields of the editor", same("id") | GOODS | same(
        "ocop_set", "ward_code", "net_weight_g", *FREE, "state", "created_at", "published_at",
        price="product__stockrecords__price", stock="product__stockrecords__num_in_stock",
    ), of(Listing)),
    Table("sizes", "Sizes of the goods", same(
        "label_vi", "label_en", "net_weight_g", "ship_weight_g", "is_active", goods="product__parent__listing__id",
        price="product__stockrecords__price", stock="product__stockrecords__num_in_stock",
    ), of(Variant, "product__parent__listing__cooperative")),
    Table("pictures", "Pictures of the goods; the files are in pictures/", same(
        "original", "display_order", goods="product__listing__id", title="product__title",
    ), of(ProductImage, "product__listing__cooperative")),
    Table("certificates", "OCOP certificates", same(
        "stars", "decision_no", "decision_date", "issuer", "status", goods="listing__product__title",
    ), of(Certification, "listing__cooperative")),
    Table("orders", "Orders with their buyers", same(
        "state", "reason", "carrier", "tracking", number="order__number", placed_at="order__date_placed",
        status="order__status", buyer="order__shipping_address__first_name",
        phone="order__shipping_address__phone_number", street="order__shipping_address__line1",
        commune="order__shipping_address__line3", province="order__shipping_address__line4",
        note="order__shipping_address__notes", delivery="order__shipping_incl_tax", total="order__total_incl_tax",
    ), of(Consignment)),
    Table("order_lines", "Lines of the orders", same(
        "title", "quantity", order="order__number", before_discounts="line_price_before_discounts_incl_tax",
        dong="line_price_incl_tax", lot="lot__code",
    ), of(Line, "order__consignment__cooperative")),
    Table("order_steps", "What happened to the parcels", same(
        "kind", "note", "by", "at", order="consignment__order__number",
    ), of(ConsignmentEvent, "consignment__cooperative")),
    Table("reductions", "Orders that became smaller", same(
        "reason", "before", "after", "owed", "by", "at", order="consignment__order__number",
    ), of(Reduction, "consignment__cooperative")),
    Table("money", "Money of the orders: Debit came in, Reversal was a mistake, Refund went back", same(
        "txn_type", "amount", "reference", "date_created", order="source__order__number",
        way="source__attempt__provider",
    ), of(Transaction, "source__order__consignment__cooperative")),
    Table("refunds", "What was owed back to buyers", same(
        "kind", "state", "amount", "reason", "bin", "number", "holder", "memo", "reference", "by", "created_at",
        "closed_by", "closed_at", order="order__number",
    ), of(Refund)),
    Table("cash", "Cash between carriers and the cooperative", same(
        "carrier", "kind", "amount", "reference", "by", "at", order="order__number",
    ), of(CashEntry)),
    Table("card_ledger", "What the market's card account owed the cooperative", same(
        "kind", "amount", "reference", "by", "created_at", order="order__number",
    ), of(Payable)),
    Table("bank_lines", "What banks told about the account", same(
        "feed", "account", "amount", "memo", "occurred_at", "reference", "payer_bin", "payer_number", "payer_name",
        "state", "note", "handled_by", "handled_at",
    ), of(BankLine)),
    Table("bank_accounts", "Accounts that money goes to", same(
        "bin", "number", "holder", "state", "asked_by", "decided_by", "decided_at", "active_from", "created_at",
    ), of(BankAccount)),
    Table("delivery", "Ways to send", same(
        "code", "name_vi", "name_en", "zone", "days_min", "days_max", "extra_per_kg", "free_over", "packing_fee",
        "is_active",
    ), of(DeliveryService)),
    Table("delivery_rates", "What sending costs by weight", same(
        "up_to_g", "price", service="service__code",
    ), of(DeliveryRate, "service__cooperative")),
    Table("offers", "Offers", same(
        "title", "kind", "all_goods", "cap", "created_by", "created_at", "stopped_at",
    ), of(CooperativeOffer)),
    Table("members", "People who work here", same(
        "role", name="user__first_name", phone="user__phone", email="user__email",
    ), of(Membership)),
    Table("invitations", "People who were invited", same("phone", "role", "state"), of(Invitation)),
    Table("papers", "Papers handed in", same(
        "kind", "number", "issuer", "expires_on", "created_at",
    ), of(Paper, "application__cooperative")),
    Table("messages", "Choices about messages", same(
        "channel", "is_unmarked", "switched", "digest_hours",
    ), of(CooperativeNotices)),
    Table("problems", "Problems that buyers reported", same(
        "number", "kind", "text", "state", "outcome", "answer", "amount", "reply", "verdict", "created_at", "closed_at",
        order="order__number",
    ), of(Claim)),
    Table("reviews", "Reviews by buyers, and replies", same(
        "reply", "replied_at", stars="review__score", words="review__body", order="line__order__number",
        goods="line__title", at="review__date_created",
    ), of(LineReview)),
    Table("history", "Who did what", same(
        "position", "at", "by", "action", "subject", "before", "after", "hash",
    ), lambda cooperative: AuditEntry.objects.filter(scope=f"cooperative:{cooperative.pk}")),
)  # fmt: skip


def plain(value: Any) -> Any:
    """A value for JSON and CSV: whole dong as a number, moments in Viet Nam's time with their zone."""
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else str(value)
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str | int | bool | list | dict):
        return value
    return str(value)
