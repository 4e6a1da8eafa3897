"""The ledger of cash between carriers and cooperatives, and what a phone number may still order in cash."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum

from shop.audit.services import entry_add
from shop.cooperatives.models import Cooperative
from shop.order.models import Order
from shop.payment.cod.models import CashBuyer, CashEntry

Kind = CashEntry.Kind


class CashError(Exception):
    """``code``: ``too_much`` (the carrier owes less, see ``limit`` in dong), ``amount``, ``carrier``."""

    def __init__(self, code: str, limit: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.limit = limit


@dataclass(frozen=True)
class CarrierBalance:
    """What one carrier took, gave and kept, in dong."""

    carrier: str
    collected: int
    handed_over: int
    fee: int

    @property
    def owes(self) -> int:
        """Still in the carrier's hands."""
        return self.collected - self.handed_over - self.fee


@transaction.atomic
def cash_collect(*, order: Order, cooperative: Cooperative, carrier: str, amount: int, by: str) -> CashEntry:
    """The carrier took the cash for an order; once per order."""
    known = CashEntry.objects.filter(key=f"collected:{order.pk}").first()
    if known:
        return known
    if amount <= 0:
        raise CashError("amount")
    entry = CashEntry.objects.create(
        cooperative=cooperative,
        order=order,
        carrier=carrier_name(carrier),
        kind=Kind.COLLECTED,
        amount=amount,
        key=f"collected:{order.pk}",
        by=by[:254],
    )
    cash_log(entry, by)
    return entry


@transaction.atomic
def cash_hand_over(
    *, cooperative: Cooperative, carrier: str, amount: int, fee: int = 0, reference: str = "", key: str, by: str
) -> CashEntry:
    """The carrier brought ``amount`` dong and kept ``fee``; never more than it owes. The same ``key`` counts once."""
    Cooperative.objects.select_for_update(no_key=True, of=("self",)).get(pk=cooperative.pk)
    known = CashEntry.objects.filter(key=f"handed:{cooperative.pk}:{key}").first()
    if known:
        return known
    name = carrier_name(carrier)
    owes = carrier_balance(cooperative, name).owes
    if amount <= 0 or fee < 0:
        raise CashError("amount", owes)
    if amount + fee > owes:
        raise CashError("too_much", owes)
    common = {"cooperative": cooperative, "carrier": name, "reference": reference[:100], "by": by[:254]}
    entry = CashEntry.objects.create(
        **common, kind=Kind.HANDED_OVER, amount=amount, key=f"handed:{cooperative.pk}:{key}"
    )
    if fee:
        CashEntry.objects.create(**common, kind=Kind.FEE, amount=fee, key=f"fee:{cooperative.pk}:{key}")
    cash_log(entry, by, fee=fee)
    return entry


@transaction.atomic
def buyer_refused(*, phone: str) -> None:
    """A parcel to this number was refused at the door."""
    CashBuyer.objects.get_or_create(phone=phone)
    CashBuyer.objects.filter(phone=phone).update(refusals=F("refusals") + 1)


def buyer_lock(phone: str) -> CashBuyer:
    """The number's row, locked: whoever counts its open parcels counts alone."""
    CashBuyer.objects.get_or_create(phone=phone)
    return CashBuyer.objects.select_for_update().get(phone=phone)


def buyer_may(buyer: CashBuyer, open_orders: int) -> str:
    """Why the number cannot order in cash with so many parcels open: ``refusals``, ``open``, or nothing."""
    if buyer.refusals >= settings.COD_REFUSALS > 0:
        return "refusals"
    return "open" if open_orders > settings.COD_OPEN_ORDERS > 0 else ""


def carrier_balances(cooperative: Cooperative) -> list[CarrierBalance]:
    """Every carrier that has ever carried cash for the cooperative, by name."""
    rows = CashEntry.objects.filter(cooperative=cooperative).order_by("carrier", "kind")
    sums: dict[str, dict[str, int]] = {}
    for row in rows.values("carrier", "kind").annotate(dong=Sum("amount")):
        sums.setdefault(row["carrier"], {})[row["kind"]] = row["dong"]
    return [
        CarrierBalance(name, kinds.get(Kind.COLLECTED, 0), kinds.get(Kind.HANDED_OVER, 0), kinds.get(Kind.FEE, 0))
        for name, kinds in sums.items()
    ]


def carrier_balance(cooperative: Cooperative, carrier: str) -> CarrierBalance:
    """One carrier's sums; all zero for one that carried nothing."""
    found = (balance for balance in carrier_balances(cooperative) if balance.carrier == carrier)
    return next(found, CarrierBalance(carrier, 0, 0, 0))


def carrier_name(name: str) -> str:
    """The carrier as people write it, blanks tidied."""
    tidy = " ".join(name.split())[:60]
    if not tidy:
        raise CashError("carrier")
    return tidy


def cash_log(entry: CashEntry, by: str, **more: int) -> None:
    """The audit trail of the cooperative."""
    facts = {"carrier": entry.carrier, "amount": entry.amount, "reference": entry.reference, **more}
    subject = f"order:{entry.order.number}" if entry.order_id else f"carrier:{entry.carrier}"
    entry_add(
        action=f"cash.{entry.kind}", subject=subject, by=by, scope=f"cooperative:{entry.cooperative_id}", after=facts
    )
