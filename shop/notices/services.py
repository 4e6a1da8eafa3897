"""Tell buyers what happens to their orders, and cooperatives that one came: each once, through the outbox."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext, override

from shop.audit.services import entry_add
from shop.cooperatives.models import Cooperative, Membership
from shop.core.codes import display_number
from shop.core.lang import pick, shop_name
from shop.core.money import format_dong
from shop.core.sms import unmarked
from shop.fulfilment.models import Consignment
from shop.messaging.models import Message
from shop.messaging.services import message_send
from shop.notices.models import CooperativeNotices, StaffNotices
from shop.notices.optout import is_quiet, optout_path
from shop.notices.texts import KINDS, Kind, compose
from shop.payment.refunds.models import Refund

#: Events of a parcel whose message has another name.
SAME = {"door_refused": "returned"}
#: When people hear of new orders until they choose: those who decide at once, the others with the day's work.
AT_ONCE_ROLES = frozenset({Membership.Role.OWNER, Membership.Role.SELLER})


class NoticesError(Exception):
    """The choices cannot be saved. ``code``: ``channel``, ``hours``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


# -- Buyers --------------------------------------------------------------------------------------------------------


def parcel_news(consignment: Consignment, kind: str) -> None:
    """Tell the buyer of one step of a parcel. The latest event of that kind names the message: once each."""
    name = SAME.get(kind, kind)
    if name == "handed_over" and consignment.is_pickup:
        name = "ready"
    kinds = [kind, *(event for event, told in SAME.items() if told == kind)]
    event = consignment.events.filter(kind__in=kinds).order_by("-pk").first()
    group = group_of(consignment.order)
    if event is None or group is None or name not in KINDS:
        return
    owed = owed_for(consignment, name)
    with override(group.language):
        values = {
            "reason": event.note if name in ("refused", "reduced") else "",
            "sum": format_dong(owed) if owed else "",
            "carrier": getattr(consignment, "carried_by", "") or event.note,
            "tracking": getattr(consignment, "tracking", ""),
            "tracking_link": getattr(consignment, "tracking_url", ""),
            "place": consignment.cooperative.display_name,
        }
    order_tell(order=consignment.order, kind=name, key=f"parcel-{event.pk}", values=values, about_money=bool(owed))


def owed_for(consignment: Consignment, name: str) -> int:
    """Dong that go back to the buyer because of this step."""
    if name == "reduced":
        # Told before the sum is promised; what it will be stands with the reduction.
        reductions = getattr(consignment, "reductions", None)
        last = reductions.last() if reductions is not None else None
        return int(last.owed) if last else 0
    if name not in ("refused", "returned"):
        return 0
    rows = Refund.objects.filter(order=consignment.order, state=Refund.State.OWED, kind=Refund.Kind.ENDED)
    last = rows.order_by("-pk").first()
    return int(last.amount) if last else 0


def order_tell(*, order: Any, kind: str, key: str, values: dict[str, str], about_money: bool = False) -> Message | None:
    """Write the message ``kind`` in the buyer's language and send it; see ``buyer_tell``."""
    group = group_of(order)
    if group is None:
        return None
    with override(group.language):
        known = {
            "shop": shop_name(),
            "name": order.consignment.cooperative.display_name,
            "number": display_number(order.number),
            "link": settings.SITE_URL + group.get_absolute_url(),
        }
        body = compose(KINDS[kind], known | values)
    return buyer_tell(order=order, kind=KINDS[kind], body=body, key=key, about_money=about_money)


def buyer_tell(*, order: Any, kind: Kind, body: str, key: str, about_money: bool = False) -> Message | None:
    """Send ``body`` to an order's buyer, once for each ``key``; None when nothing goes out.

    What is not about money stays here when the cooperative switched the kind off or the buyer wants no messages.
    """
    group = group_of(order)
    if group is None:
        return None
    choice = choice_of(order.consignment.cooperative)
    if not (kind.is_locked or about_money) and (not choice.sends(kind) or is_quiet(group.phone)):
        return None
    channel = channel_of(choice)
    if channel == Message.Channel.SMS:
        body = unmarked(body) if choice.is_unmarked else body
    elif not kind.is_locked:  # where length costs nothing, the way out of the messages comes along
        with override(group.language):
            link = settings.SITE_URL + optout_path(group.pk)
            body = f"{body}\n" + gettext("No more messages: %(link)s") % {"link": link}
    return message_send(kind=kind.code, to=group.phone, body=body, key=key, channel=channel)


def group_of(order: Any) -> Any:
    """The purchase that the order belongs to; None for an order that was made some other way."""
    membership = getattr(order, "membership", None)
    return membership.group if membership else None


def choice_of(cooperative: Cooperative) -> CooperativeNotices:
    """The cooperative's choices; the defaults, unsaved, until it made any."""
    known = CooperativeNotices.objects.filter(cooperative=cooperative).first()
    return known or CooperativeNotices(cooperative=cooperative)


def channel_of(choice: CooperativeNotices) -> str:
    """How this cooperative's buyers are reached; a way that the market no longer offers counts as not chosen."""
    return choice.channel if choice.channel in settings.BUYER_CHANNELS else settings.BUYER_CHANNELS[0]


# -- People of the cooperative -------------------------------------------------------------------------------------


def staff_announce(consignment: Consignment) -> None:
    """An order waits for its cooperative: tell those of its people who want to know at once. Names no buyer."""
    order = consignment.order
    people = Membership.objects.filter(cooperative=consignment.cooperative, user__is_active=True)
    with override(settings.LANGUAGE_CODE):
        goods = ", ".join(f"{line.quantity} × {line.title}" for line in order.lines.all())
        body = gettext("New order %(number)s: %(goods)s, %(sum)s. %(link)s") % {
            "number": display_number(order.number),
            "goods": goods if len(goods) <= 90 else goods[:89] + "…",
            "sum": format_dong(order.total_dong),
            "link": settings.SITE_URL + reverse("seller:order", kwargs={"number": order.number}),
        }
    staff_tell(
        people=[person for person in people.select_related("user", "notices") if when_of(person) == "at_once"],
        kind="seller_order",
        body=body,
        key=f"seller-order-{consignment.pk}",
    )


def staff_tell(*, people: Iterable[Membership], kind: str, body: str, key: str) -> int:
    """Send one text to people of a cooperative by phone, else by e-mail; how many could be reached."""
    reached = 0
    for person in people:
        to = person.user.phone or person.user.email
        if to:
            text = body if to == person.user.phone else f"{body.split('. ')[0]}\n{body}"
            message_send(kind=kind, to=to, body=text, key=f"{key}-{person.pk}")
            reached += 1
    return reached


def when_of(person: Membership) -> str:
    """When this person hears of new orders."""
    known = getattr(person, "notices", None)
    if known:
        return str(known.when)
    return str(StaffNotices.When.AT_ONCE if person.role in AT_ONCE_ROLES else StaffNotices.When.DIGEST)


# -- Choices -------------------------------------------------------------------------------------------------------


@transaction.atomic
def notices_save(
    *, cooperative: Cooperative, channel: str, is_unmarked: bool, on: set[str], hours: list[int], by: str
) -> CooperativeNotices:
    """Keep a cooperative's choices: ``on`` holds the codes of the kinds that go out. Raises NoticesError."""
    if channel not in settings.BUYER_CHANNELS:
        raise NoticesError("channel")
    if any(not 0 <= hour <= 23 for hour in hours) or len(hours) > 6:
        raise NoticesError("hours")
    CooperativeNotices.objects.get_or_create(cooperative=cooperative)
    row = CooperativeNotices.objects.select_for_update().get(cooperative=cooperative)
    before = facts(row)
    row.channel, row.is_unmarked, row.digest_hours = channel, is_unmarked, sorted(set(hours))
    open_kinds = [kind for kind in KINDS.values() if not kind.is_locked]
    row.switched = {kind.code: kind.code in on for kind in open_kinds if (kind.code in on) != kind.is_on}
    row.save(update_fields=["channel", "is_unmarked", "switched", "digest_hours"])
    if facts(row) != before:
        scope = f"cooperative:{cooperative.pk}"
        entry_add(action="notices.set", subject=scope, by=by, scope=scope, before=before, after=facts(row))
    return row


def facts(row: CooperativeNotices) -> dict[str, Any]:
    """For the audit trail."""
    switched = ", ".join(f"{code}={'on' if on else 'off'}" for code, on in sorted(row.switched.items()))
    hours = ", ".join(str(hour) for hour in row.digest_hours)
    return {"channel": row.channel, "unmarked": row.is_unmarked, "switched": switched, "hours": hours}


@transaction.atomic
def staff_when_set(*, membership: Membership, when: str, by: str) -> StaffNotices:
    """When a person hears of new orders."""
    row, _made = StaffNotices.objects.update_or_create(
        membership=membership, defaults={"when": StaffNotices.When(when).value}
    )
    return row


def sample_values() -> dict[str, str]:
    """Made-up values for showing what the messages look like."""
    return {
        "shop": shop_name(),
        "numbers": "DT-7K3M-9QZA",
        "number": "DT-7K3M-9QZA",
        "link": f"{settings.SITE_URL}/don-hang/k3m9qzat7r2x5w8c4v6b/",
        "sum": format_dong(390_000),
        "missing": format_dong(50_000),
        "excess": format_dong(20_000),
        "reason": pick("Mưa lớn, vườn chưa hái được.", "Heavy rain, no harvest yet."),
        "answer": pick("Hai hộp bị dập, tụi con xin hoàn tiền.", "Two boxes were bruised, we pay them back."),
        "reference": "FT26329123456",
        "carrier": "Viettel Post",
        "tracking": "VTP123456789",
        "tracking_link": "https://viettelpost.vn/",
        "place": "HTX",
    }
