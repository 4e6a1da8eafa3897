"""A bank statement from upload to the books: kept for its preview, read by the cooperative's columns, imported once."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from shop.audit.services import entry_add
from shop.cooperatives.models import Cooperative
from shop.payment.vietqr.feeds.base import Line
from shop.payment.vietqr.models import BankLine, StatementFile, StatementLayout
from shop.payment.vietqr.services import cooperative_lock, lines_store
from shop.payment.vietqr.statements import Mapping, Reading, StatementError, Table, lines_of, mapping_guess, table_read
from shop.reconciliation.tasks import lines_match_later

FEED = "statement"


@transaction.atomic
def statement_keep(*, cooperative: Cooperative, account: str, name: str, content: bytes, by: str) -> StatementFile:
    """Keep an upload until its preview has been looked at; StatementError when it cannot be read as a table."""
    table_read(content=content, name=name)
    StatementFile.objects.filter(cooperative=cooperative, imported_at=None).delete()
    return StatementFile.objects.create(
        cooperative=cooperative, account=account, name=name[:120], content=content, by=by[:254]
    )


def statement_table(file: StatementFile) -> Table:
    """The table in an upload."""
    if file.content is None:
        raise StatementError("imported")
    return table_read(content=bytes(file.content), name=file.name)


def mapping_for(file: StatementFile, table: Table) -> Mapping | None:
    """The columns as the cooperative chose them last time for this account, when they fit; else a guess."""
    layout = StatementLayout.objects.filter(cooperative_id=file.cooperative_id, account=file.account).first()
    saved = mapping_saved(layout.mapping) if layout else None
    return saved if saved and saved.fits(table) else mapping_guess(table)


def mapping_saved(data: Any) -> Mapping | None:
    """Columns that were chosen before; None when they can no longer be read."""
    try:
        return Mapping.from_dict(data)
    except StatementError:
        return None


def known_keys(file: StatementFile, reading: Reading) -> set[str]:
    """Keys of the reading that are in the books already."""
    keys = [line.key for line in reading.lines]
    mine = BankLine.objects.filter(cooperative_id=file.cooperative_id, feed=FEED, account=file.account)
    found: set[str] = set()
    for start in range(0, len(keys), 500):
        found |= set(mine.filter(foreign_id__in=keys[start : start + 500]).values_list("foreign_id", flat=True))
    return found


@transaction.atomic
def statement_import(*, file: StatementFile, mapping: Mapping, by: str) -> StatementFile:
    """Take every readable line of the upload into the books, remember the columns, and match in the background.

    The same file, another export of the same days, or the rows in another order add nothing.
    """
    locked = StatementFile.objects.select_for_update(of=("self",)).select_related("cooperative").get(pk=file.pk)
    if locked.imported_at:
        return locked
    # One statement at a time: two files of the same days would wait for each other's rows, and count each other's.
    cooperative_lock(locked.cooperative)
    reading = lines_of(statement_table(locked), mapping)
    lines = [as_line(line, locked.account) for line in reading.lines]
    new = lines_store(cooperative_id=locked.cooperative_id, feed=FEED, lines=lines, known={}) if lines else 0
    StatementLayout.objects.update_or_create(
        cooperative=locked.cooperative, account=locked.account, defaults={"mapping": mapping.to_dict()}
    )
    locked.rows, locked.new_rows, locked.content = len(lines), new, None
    locked.imported_at, locked.by = timezone.now(), by[:254]
    locked.save(update_fields=["rows", "new_rows", "content", "imported_at", "by"])
    if new:
        lines_match_later.enqueue(locked.cooperative_id)
    statement_log(locked, by)
    return locked


def as_line(line: Any, account: str) -> Line:
    """A statement's line in the words of a feed; its key is what it is called."""
    return Line(
        foreign_id=line.key,
        account=account,
        amount=line.amount,
        incoming=line.incoming,
        memo=line.memo,
        occurred_at=line.occurred_at,
        reference=line.reference,
        payer_number=line.payer_number,
        payer_name=line.payer_name,
    )


def statement_log(file: StatementFile, by: str) -> None:
    """Who brought which lines into the books."""
    facts = {"name": file.name, "account": file.account, "rows": file.rows, "new": file.new_rows}
    entry_add(
        action="statement.imported",
        subject=f"statement:{file.pk}",
        by=by,
        scope=f"cooperative:{file.cooperative_id}",
        after=facts,
    )
