"""Every message that buyers get: its words, and whether a cooperative may switch it off."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

# Sentences of more than one message.
RECEIVED = _("%(shop)s: %(name)s received %(sum)s for order %(number)s.")
MISSING = _("%(missing)s is still missing: please transfer it with the same memo.")
LATE = _("The money came late, but the goods were still there: your order goes on.")
EXCESS = _("You paid %(excess)s too much; the cooperative sends it back.")
OWED = _("%(name)s pays %(sum)s back to you.")
LINK = "%(link)s"


@dataclass(frozen=True)
class Kind:
    """One message. ``parts`` are its sentences; those whose value is empty are left out when it is written.

    ``is_locked``: about money, so nobody switches it off. ``is_on``: sent until a cooperative decides otherwise.
    ``variant_of``: another wording of that kind, with no switch of its own.
    """

    code: str
    label: Any
    parts: tuple[Any, ...]
    is_locked: bool = False
    is_on: bool = True
    variant_of: str = ""
    sample: dict[str, Any] = field(default_factory=dict)


KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(
            "order_placed",
            _("Order placed"),
            (_("%(shop)s: thank you, %(name)s. Pay and follow your order %(numbers)s here: %(link)s"),),
            is_locked=True,
            sample={"name": "Thảo"},
        ),
        Kind("money_received", _("Money received"), (RECEIVED, LINK), is_locked=True),
        Kind("money_short", _("Too little money"), (RECEIVED, MISSING, LINK), True, variant_of="money_received"),
        Kind("money_over", _("Too much money"), (RECEIVED, EXCESS, LINK), True, variant_of="money_received"),
        Kind("money_late", _("Money after the deadline"), (RECEIVED, LATE, LINK), True, variant_of="money_received"),
        Kind("accepted", _("Order taken"), (_("%(name)s took your order %(number)s and gets it ready."), LINK)),
        Kind(
            "refused",
            _("Order refused"),
            (_("%(name)s is sorry: order %(number)s cannot be served. %(reason)s"), OWED, LINK),
            is_locked=True,
        ),
        Kind(
            "reduced",
            _("Fewer goods than ordered"),
            (_("%(name)s can send only a part of order %(number)s. %(reason)s"), OWED, LINK),
            is_locked=True,
        ),
        Kind("packed", _("Packed"), (_("%(name)s packed your order %(number)s."), LINK), is_on=False),
        Kind(
            "handed_over",
            _("On the way"),
            (
                _("%(name)s sent order %(number)s with %(carrier)s."),
                _("Parcel number %(tracking)s."),
                _("Follow it: %(tracking_link)s"),
                LINK,
            ),
        ),
        Kind("ready", _("Ready to collect"), (_("Order %(number)s waits for you at %(place)s."), LINK)),
        Kind(
            "delivered",
            _("Delivered"),
            (_("Order %(number)s of %(name)s has arrived. If anything is wrong, tell us here: %(link)s"),),
        ),
        Kind("returned", _("The parcel came back"), (_("Order %(number)s came back to %(name)s."), OWED, LINK)),
        Kind(
            "refund_owed",
            _("Money to be paid back"),
            (_("%(name)s will pay back %(sum)s for order %(number)s."), LINK),
            is_locked=True,
        ),
        Kind(
            "money_returned",
            _("Money paid back"),
            (_("%(shop)s: %(name)s paid back %(sum)s for order %(number)s. Bank reference: %(reference)s."),),
            is_locked=True,
        ),
        Kind(
            "claim_answered",
            _("Answer to a reported problem"),
            (_("%(name)s answered about order %(number)s: %(answer)s"), OWED, LINK),
        ),
        Kind(
            "claim_closed",
            _("A reported problem is settled"),
            (_("The problem with order %(number)s is settled. %(answer)s"), LINK),
        ),
    )
}
#: Those with a switch, or with a note that they have none.
MAIN = tuple(kind for kind in KINDS.values() if not kind.variant_of)


def compose(kind: Kind, values: dict[str, str]) -> str:
    """The message in the active language, without the sentences of which a value is missing."""
    return " ".join(str(part) % values for part in kind.parts if all(values.get(name) for name in names_in(part)))


def names_in(part: Any) -> list[str]:
    """Names of the values that a sentence must have; the reason of a refusal may be empty."""
    pieces = str(part).split("%(")[1:]
    return [name for piece in pieces if (name := piece.split(")")[0]) not in ("reason", "answer")]
