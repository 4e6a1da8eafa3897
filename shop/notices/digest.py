"""The day's work in one message, at the hours that a cooperative chose; nothing when nothing waits."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext, ngettext, override

from shop.cooperatives.models import Cooperative, Membership
from shop.core.dates import now
from shop.fulfilment.models import Consignment
from shop.notices.models import CooperativeNotices
from shop.notices.services import staff_tell, when_of
from shop.payment.attempts.models import Attempt
from shop.payment.refunds.models import Refund
from shop.payment.vietqr.models import BankLine

State = Consignment.State


def digests_send(at: datetime | None = None) -> int:
    """Send what is due in this hour, once for each cooperative and hour; how many cooperatives heard something."""
    moment = at or now()
    people = Membership.objects.select_related("cooperative", "user", "notices").filter(user__is_active=True)
    wanted: dict[int, list[Membership]] = {}
    for person in people.order_by("cooperative_id", "pk"):
        if when_of(person) == "digest":
            wanted.setdefault(person.cooperative_id, []).append(person)
    choices = {row.cooperative_id: row for row in CooperativeNotices.objects.filter(cooperative__in=wanted)}
    slot = moment.strftime("%Y-%m-%dT%H")
    due = [pk for pk in wanted if is_due(choices.get(pk) or CooperativeNotices(), moment.hour, slot)]
    return sum(digest_send(wanted[pk][0].cooperative, wanted[pk], slot) for pk in due)


def is_due(choice: CooperativeNotices, hour: int, slot: str) -> bool:
    """Whether this hour is one of the cooperative's, and not dealt with yet."""
    return hour in choice.digest_hours and choice.digest_slot != slot


@transaction.atomic
def digest_send(cooperative: Cooperative, people: list[Membership], slot: str) -> bool:
    """One cooperative's message of one hour: the first run takes the hour, also when there is nothing to tell."""
    CooperativeNotices.objects.get_or_create(cooperative=cooperative)
    rows = CooperativeNotices.objects.filter(cooperative=cooperative)
    if not rows.exclude(digest_slot=slot).update(digest_slot=slot):
        return False
    with override(settings.LANGUAGE_CODE):
        body = digest_text(cooperative)
    return bool(body and staff_tell(people=people, kind="seller_digest", body=body, key=f"digest-{slot}"))


def digest_text(cooperative: Cooperative) -> str:
    """``HTX …: 3 đơn cần gói, 1 khoản tiền chưa rõ.`` with a link; empty when nothing waits."""
    lines = [line for source in settings.DIGEST_SOURCES for line in import_string(source)(cooperative)]
    if not lines:
        return ""
    return gettext("%(name)s: %(work)s. %(link)s") % {
        "name": cooperative.display_name,
        "work": ", ".join(lines),
        "link": settings.SITE_URL + reverse("seller:index"),
    }


# -- Sources (settings.DIGEST_SOURCES): a cooperative's open work, one short text each -------------------------------


def parcels(cooperative: Cooperative) -> list[str]:
    """Orders to be taken, packed and handed over."""
    expected = Attempt.objects.filter(
        source__order=OuterRef("order"), state=Attempt.State.PENDING, expires_at__isnull=False
    )
    mine = Consignment.objects.filter(cooperative=cooperative)
    new = mine.filter(~Exists(expected), state=State.NEW).count()
    accepted = mine.filter(state=State.ACCEPTED).count()
    packed = mine.filter(state=State.PACKED).count()
    texts = [
        (new, ngettext("%(n)d order to take", "%(n)d orders to take", new)),
        (accepted, ngettext("%(n)d order to pack", "%(n)d orders to pack", accepted)),
        (packed, ngettext("%(n)d parcel to hand over", "%(n)d parcels to hand over", packed)),
    ]
    return [text % {"n": number} for number, text in texts if number]


def money(cooperative: Cooperative) -> list[str]:
    """Money that nobody knows the order of, and money to be paid back."""
    unclear = BankLine.objects.filter(cooperative=cooperative, state=BankLine.State.OPEN, is_likely=True).count()
    owed = Refund.objects.filter(cooperative=cooperative, state=Refund.State.OWED).count()
    texts = [
        (unclear, ngettext("%(n)d payment that is unclear", "%(n)d payments that are unclear", unclear)),
        (owed, ngettext("%(n)d sum to pay back", "%(n)d sums to pay back", owed)),
    ]
    return [text % {"n": number} for number, text in texts if number]
