"""A sheet's way into the shop: kept, looked at in the background, taken in batches. Everything may be called twice."""

from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from shop.audit.services import entry_add
from shop.cooperatives.models import Cooperative
from shop.core import places
from shop.core.plain import plain_text
from shop.core.tables.errors import TableError
from shop.sheets.cells import cell_text
from shop.sheets.comparing import Comparer, Reading
from shop.sheets.goods import shelf_of
from shop.sheets.models import SheetJob, SheetRow
from shop.sheets.pictures import Pictures
from shop.sheets.reading import SheetTable, sheet_read

State = SheetJob.State
#: Sheets that one cooperative may have in work at a time.
MOST_AT_ONCE = 3
#: Rows between two signs of progress.
STRIDE = 250
CELL_KEPT = 200


class SheetError(Exception):
    """Nothing was changed. ``code``: ``busy`` (others are in work), ``state`` (not possible as it stands)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def job_create(
    *, cooperative: Cooperative, key: str, name: str, content: bytes, pictures: Any = None, by: str
) -> SheetJob:
    """Keep the files where nobody sees them, and have them looked at. The same ``key`` again gives the first job.

    ``pictures``: an open archive, or None. Raises SheetError ``busy``.
    """
    cooperative = Cooperative.objects.select_for_update(no_key=True, of=("self",)).get(pk=cooperative.pk)
    known = SheetJob.objects.filter(cooperative=cooperative, key=key).first()
    if known:
        return known
    if (
        SheetJob.objects.filter(cooperative=cooperative, state__in=(State.CHECKING, State.TAKING)).count()
        >= MOST_AT_ONCE
    ):
        raise SheetError("busy")
    job = SheetJob(cooperative=cooperative, key=key, name=plain_text(name, 120, lines=False), created_by=by)
    job.file.save("sheet", ContentFile(content), save=False)
    if pictures is not None:
        job.pictures_name = plain_text(pictures.name, 120, lines=False)
        job.pictures.save("pictures", pictures, save=False)
    job.save()
    _later(job)
    return job


@transaction.atomic
def job_take(*, job: SheetJob, by: str) -> SheetJob:
    """Have the rows without faults written. Called again: nothing more happens. SheetError ``state``."""
    locked = SheetJob.objects.select_for_update().get(pk=job.pk)
    if locked.state in (State.TAKING, State.DONE):
        return locked
    if locked.state != State.READY or not locked.to_take:
        raise SheetError("state")
    locked.state, locked.done_rows, locked.taken_by, locked.touched_at = State.TAKING, 0, by, timezone.now()
    locked.save()
    _later(locked)
    entry_add(
        action="sheet.take",
        subject=f"sheet:{locked.pk}",
        by=by,
        scope=f"cooperative:{locked.cooperative_id}",
        after={"new": locked.new, "changed": locked.changed},
    )
    return locked


@transaction.atomic
def job_drop(*, job: SheetJob, by: str) -> SheetJob:
    """Forget a sheet that has not been taken. SheetError ``state`` once it has."""
    locked = SheetJob.objects.select_for_update().get(pk=job.pk)
    if locked.state in (State.TAKING, State.DONE):
        raise SheetError("state")
    locked.lines.all().delete()
    locked.state, locked.finished_at = State.DROPPED, timezone.now()
    locked.save()
    transaction.on_commit(lambda: files_delete(locked))
    return locked


def _later(job: SheetJob) -> None:
    # The task's module needs this one.
    from shop.sheets.tasks import job_run

    job_run.enqueue(job.pk)


def files_delete(job: SheetJob) -> None:
    """The files are only needed until everything is in; the row stays as history."""
    for file in (job.file, job.pictures):
        if file:
            file.storage.delete(file.name)


# -- Looking at it -------------------------------------------------------------------------------------------------


def job_check(job: SheetJob) -> None:
    """Compare each row with the goods as they are; writes nothing but what was understood."""
    try:
        with job.file.open("rb") as file:
            table = sheet_read(file.read())
        archive = job.pictures.open("rb") if job.pictures else None
        try:
            pictures = Pictures(archive)
            SheetJob.objects.filter(pk=job.pk).update(rows=len(table.rows), done_rows=0, touched_at=timezone.now())
            readings = list(_readings(job, table, pictures))
        finally:
            if archive:
                archive.close()
    except TableError as error:
        _fail(job, error)
        return
    _checked(job, table, readings)


def _readings(job: SheetJob, table: SheetTable, pictures: Pictures) -> Iterator[tuple[Reading, list[Any]]]:
    """Each row as understood, with its cells where they are needed later; progress is told on the way."""
    home = places.commune(job.cooperative.ward_code)
    comparer = Comparer(shelf_of(job.cooperative), pictures, home.province_code if home else "")
    for done, (number, cells) in enumerate(table.rows, 1):
        reading = comparer.read(number, table.cells(cells))
        yield reading, [_shown(cell) for cell in cells] if reading.problems else []
        if done % STRIDE == 0:
            SheetJob.objects.filter(pk=job.pk).update(done_rows=done, touched_at=timezone.now())


def _shown(cell: Any) -> Any:
    """A cell as it goes into the list of faults."""
    try:
        return cell if isinstance(cell, int | float) else cell_text(cell)[:CELL_KEPT]
    except ValueError:
        return str(cell)[:CELL_KEPT]


@transaction.atomic
def _checked(job: SheetJob, table: SheetTable, readings: list[tuple[Reading, list[Any]]]) -> None:
    locked = SheetJob.objects.select_for_update().get(pk=job.pk)
    if locked.state != State.CHECKING:
        return
    counts = dict.fromkeys(("new", "changed", "same", "faulty"), 0)
    lines = []
    for reading, cells in readings:
        counts[reading.action] += 1
        if reading.action != "same":
            lines.append(_line(locked, reading, cells))
    SheetRow.objects.bulk_create(lines, batch_size=500)
    for name, count in counts.items():
        setattr(locked, name, count)
    locked.rows = locked.done_rows = len(readings)
    locked.columns = sorted(table.columns, key=table.columns.get)
    locked.state, locked.touched_at = State.READY, timezone.now()
    locked.save()


def _line(job: SheetJob, reading: Reading, cells: list[Any]) -> SheetRow:
    known = reading.goods.fields.title if reading.goods else ""
    return SheetRow(
        job=job,
        number=reading.number,
        action=reading.action,
        title=(reading.said.get("title") or known)[:120],
        listing_id=reading.goods.listing.pk if reading.goods else None,
        values=reading.values if not reading.problems else {},
        cells=cells,
        problems=[list(problem) for problem in reading.problems],
    )


@transaction.atomic
def _fail(job: SheetJob, error: TableError) -> None:
    locked = SheetJob.objects.select_for_update().get(pk=job.pk)
    if locked.state != State.CHECKING:
        return
    locked.state, locked.problem, locked.problem_row = State.FAILED, error.code, error.row
    locked.finished_at = timezone.now()
    locked.save()
    transaction.on_commit(lambda: files_delete(locked))
