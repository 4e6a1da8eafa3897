"""Two cooperatives with something of everything; what is private of each is written in unmistakable words."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from shop.accounts.models import SavedAddress, User
from shop.cooperatives.models import Cooperative, Membership
from shop.fulfilment.services import (
    cash_order_call,
    cash_parcel_deliver,
    consignment_accept,
    consignment_refuse,
)
from shop.payment.refunds.models import Refund
from shop.payment.refunds.services import refund_account_set
from shop.payment.vietqr.models import StatementFile
from shop.payment.vietqr.services import account_ask
from shop.reconciliation.matching import line_match
from shop.reconciliation.services import line_ignore
from tests.factories import basket_of, cooperative_make, listing_make, place, recipient
from tests.factories.bank import feed_make, line_make, transfer_of

SELLER = "+84900000000"
#: Words out of which private things are made; they occur nowhere else.
WORDS = {"a": ("Hoàng Yến", "Lụa Đào", "1"), "b": ("Bí Mật", "Ngõ Vắng", "8")}


@dataclass
class Side:
    """One cooperative with its people, orders in each state, money and papers. Extended by ``made``."""

    name: str
    digit: str
    cooperative: Cooperative
    buyer: str
    street: str
    amount: int
    rows: dict[str, Any] = field(default_factory=dict)
    neighbour: "Side | None" = None

    def made(self, name: str, call: Callable[[], Any]) -> Any:
        """What belongs to the side under that name, made when it is asked for first."""
        if name not in self.rows:
            self.rows[name] = call()
        return self.rows[name]

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["rows"][name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def phone(self) -> str:
        """The buyer's."""
        return f"+8490{self.digit}777666"

    @property
    def guest(self) -> str:
        """Of somebody whom the owner invited."""
        return f"+8491{self.digit}555444"

    @property
    def markers(self) -> list[str]:
        """What nobody else may ever read."""
        local, guest = "0" + self.phone[3:], "0" + self.guest[3:]
        dong = f"{self.amount:,}".replace(",", ".")
        return [
            *(self.buyer, self.street, dong, self.rows["number"], self.rows["draft_title"], self.rows["memo"]),
            *(self.phone, local, f"{local[:4]} {local[4:7]} {local[7:]}"),
            *(self.guest, guest, f"{guest[:4]} {guest[4:7]} {guest[7:]}"),
            self.rows["payer"],
        ]


def side_make(name: str) -> Side:
    """A cooperative with everything. Amounts in dong."""
    buyer, street, digit = WORDS[name]
    cooperative = cooperative_make(f"HTX {name.upper()}")
    side = Side(name, digit, cooperative, f"Người Mua {buyer}", f"47 {street}", int(f"{digit}3579311"))
    side.rows |= {"number": f"9{digit}80077700{digit}", "draft_title": f"Món chưa bán {buyer}"}
    side.rows |= {"memo": f"GHICHU{buyer}", "payer": f"NGUOI TRA {buyer}"}
    people_make(side)
    orders_make(side)
    money_make(side)
    side.rows["draft"] = listing_make(cooperative, title=side.draft_title, state="draft", published_at=None)
    return side


def people_make(side: Side) -> None:
    """An owner with an address, and a packer."""
    for place_, role in enumerate(("owner", "packer", "accountant")):
        person = User.objects.create_user(phone=f"+8493{side.digit}11100{place_}", phone_verified=True)
        member = Membership.objects.create(cooperative=side.cooperative, user=person, role=role)
        side.rows[role] = person if role == "owner" else member
    side.rows["address"] = SavedAddress.objects.create(
        user=side.owner, name=side.buyer, phone=side.phone, ward_code="28261", street=side.street
    )


def order_make(side: Side, provider: str = "vietqr") -> Any:
    """A new order of two boxes; its consignment."""
    to = recipient(name=side.buyer, phone=side.phone, street=side.street)
    listing = side.made("listing", lambda: listing_make(side.cooperative, title=f"Vú sữa {side.name}", stock=90))
    placement = place(basket_of((listing, 2)), provider=provider, to=to)
    return placement.group.members.get().order.consignment


def orders_make(side: Side) -> None:
    """Waiting, paid, taken, delivered, refused; by transfer and in cash."""
    side.rows |= {"waiting": order_make(side), "paid": order_make(side), "refused": order_make(side)}
    for consignment in (side.paid, side.refused):
        transfer = transfer_of(consignment.order)
        line_match(line=line_make(side.cooperative, transfer.memo, transfer.amount, payer_name=side.payer))
        consignment.refresh_from_db()
    consignment_refuse(consignment=side.refused, reason="Mưa", by=SELLER)
    refund = Refund.objects.get(order=side.refused.order)
    payee = {"bin": "970436", "number": side.number[::-1], "holder": "NGUOI NHAN RIENG"}
    side.rows["refund"] = refund_account_set(refund=refund, by=SELLER, **payee)
    side.rows |= {"cash": order_make(side, "cod"), "taken": order_make(side, "cod"), "done": order_make(side, "cod")}
    for consignment in (side.taken, side.done):
        cash_order_call(consignment=consignment, reached=True, by=SELLER)
        consignment_accept(consignment=consignment, by=SELLER)
    cash_parcel_deliver(consignment=side.done, carrier="Xe Phương Trang", by=SELLER)


def money_make(side: Side) -> None:
    """Money that nobody expected, a service that reports, a change of the account, a statement."""
    place_ = side.cooperative
    side.rows["line"] = line_match(line=line_make(place_, side.memo, side.amount, payer_name=side.payer))
    side.rows["ignored"] = line_match(line=line_make(place_, side.memo, 5_000))
    line_ignore(line=side.ignored, reason="Riêng", by=SELLER)
    side.rows["feed"] = feed_make(place_)
    side.rows["account"] = account_ask(
        cooperative=place_, bin="970436", number=side.number, holder="HTX RIENG", by=side.owner.phone
    )
    side.rows["statement"] = StatementFile.objects.create(
        cooperative=place_,
        account=place_.bank_accounts.first().number,
        name="sao-ke.csv",
        content=statement(side).encode(),
        rows=1,
        by=SELLER,
    )


def statement(side: Side) -> str:
    """One movement as a bank's file tells it."""
    day = (timezone.localtime() - timedelta(days=1)).strftime("%d/%m/%Y")
    head = ["Ngày giao dịch", "Số tham chiếu", "Số tiền ghi nợ", "Số tiền ghi có", "Nội dung"]
    lines = [head, [day, "FT00001", "", f"{side.amount:,}", side.memo]]
    return "\n".join(";".join(f'"{cell}"' for cell in line) for line in lines)
