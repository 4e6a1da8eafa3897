"""What happened to a bank line, when and by whom: told, matched, decided, undone."""

import json
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from shop.audit.models import AuditEntry
from shop.core.codes import display_number
from shop.payment.vietqr.models import BankLine
from shop.seller.money.rows import LineRow
from shop.seller.money.words import left_by_bank


def steps_of(row: LineRow) -> list[dict[str, str]]:
    """The line's history for the timeline, the oldest first."""
    line = row.line
    told = (line.received_at, "", _("Told by %(source)s") % {"source": row.source}, "")
    events = [told, *matched(line), *decided(line)]
    events.sort(key=lambda event: event[0])
    return [{"state": "done", "title": title, "note": note(row, at, by, text)} for at, by, title, text in events]


def note(row: LineRow, at: Any, by: str, text: str) -> str:
    """Time, person, words."""
    parts = [timezone.localtime(at).strftime("%H:%M, %d/%m/%Y"), row.names(by) if by else "", text]
    return " · ".join(part for part in parts if part)


def matched(line: BankLine) -> list[tuple[Any, str, str, str]]:
    """What the matching put on orders by itself."""
    shares = line.shares.select_related("attempt__source__order")
    return [
        (share.at, share.by, _("Put on %(numbers)s") % {"numbers": number_of(share)}, "")
        for share in shares
        if left_by_bank(share.by)
    ]


def decided(line: BankLine) -> list[tuple[Any, str, str, str]]:
    """What people decided, from the audit trail."""
    entries = AuditEntry.objects.filter(subject=f"line:{line.pk}", scope=f"cooperative:{line.cooperative_id}")
    return [(entry.at, entry.by, *title(entry)) for entry in entries.order_by("position")]


def title(entry: AuditEntry) -> tuple[str, str]:
    """An entry in words, and what was written with it."""
    facts = json.loads(entry.after) or {}
    if entry.action == "line.assigned":
        numbers = ", ".join(display_number(name.partition(":")[2]) for name in facts)
        return _("Put on %(numbers)s") % {"numbers": numbers}, ""
    titles = {
        "line.return": _("To be paid back"),
        "line.returned": _("Paid back"),
        "line.ignored": _("Not for the market"),
        "line.undone": _("Taken back: to decide again"),
    }
    words = facts.get("reason") or facts.get("reference") or ""
    return titles.get(entry.action, entry.action), str(words)


def number_of(share: Any) -> str:
    """The order of a share."""
    return display_number(share.attempt.source.order.number)
