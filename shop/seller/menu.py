"""What the workspace's menus lead to. A page that does not exist, or is not for the person's role, is left out."""

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shop.seller.roles import may_open


@dataclass(frozen=True)
class Entry:
    """A line of the page "More": where it leads, what it is called, what one does there."""

    page: str
    icon: str
    label: Any
    note: Any

    @property
    def url(self) -> str:
        """Empty when there is no such page."""
        try:
            return reverse(f"seller:{self.page}")
        except NoReverseMatch:
            return ""


#: By heading, in the order of the page.
MORE: dict[Any, tuple[Entry, ...]] = {
    _("Selling"): (
        Entry("products", "boxes", _("Our goods"), _("Prices, stock, pictures, new goods")),
        Entry("sheets", "upload", _("Excel"), _("Take goods in from a sheet, or out into one")),
        Entry("offers", "gift", pgettext_lazy("workspace", "Offers"), _("Discounts and vouchers on your own goods")),
        Entry("delivery", "truck", _("Delivery"), _("Where you send to, what it costs, when you are closed")),
    ),
    _("Orders"): (
        Entry("paper", "print", _("Paper"), _("Pick list, labels, price tags, poster with your QR code")),
        Entry("claims", "warning", _("Problems with orders"), _("What buyers reported, and your answer")),
        Entry("reviews", "star", _("Reviews"), _("What buyers say, and your reply")),
        Entry("notices", "bell", _("Messages"), _("What buyers are told, and when you are told")),
    ),
    _("Money"): (
        Entry("inbox", "cash", _("Money that arrived"), _("Bank lines that need a person")),
        Entry("numbers", "chart", _("Numbers"), _("Sales, monthly statement, export")),
        Entry("account", "bank", _("Bank account"), _("Where buyers' money goes")),
        Entry("cash", "cash", _("Cash on delivery"), _("What carriers still owe you")),
    ),
    _("Cooperative"): (
        Entry("people", "users", _("People"), _("Who works here, and in which role")),
        Entry("application", "certificate", _("Papers"), _("Registration, identity, food safety")),
        Entry("own-data", "download", _("Own data"), _("Take everything with you")),
    ),
}


def more_for(role: str) -> list[tuple[Any, list[Entry]]]:
    """The headings with what the role may open beneath them; empty ones are left out."""
    found = [(head, [e for e in entries if may_open(role, e.page) and e.url]) for head, entries in MORE.items()]
    return [(head, entries) for head, entries in found if entries]
