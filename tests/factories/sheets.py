"""Sheets of goods as cooperatives upload them."""

import csv
import io
import zipfile
from typing import Any

from openpyxl import Workbook, load_workbook
from PIL import Image

from shop.cooperatives.models import Cooperative
from shop.sheets.columns import COLUMNS
from shop.sheets.models import SheetJob
from shop.sheets.services import job_create, job_take
from shop.sheets.tasks import job_work

HEADINGS = [column.heading for column in COLUMNS]


def row_of(**cells: Any) -> list[Any]:
    """A row in the order of the columns."""
    return [cells.get(column.name) for column in COLUMNS]


def goods(number: int, **cells: Any) -> list[Any]:
    """A row of new goods that needs nothing more."""
    said = {"title": f"Xoài sấy dẻo {number}", "ocop_set": 7, "unit_vi": "túi", "net_weight_g": 500, "stock": number}
    return row_of(**(said | {"price": 50_000 + 100 * number, "season": "3-6", "storage_vi": "nơi khô"} | cells))


def with_faults(number: int, faulty: int) -> list[list[Any]]:
    """Rows of new goods, every so many with another fault."""
    kinds: tuple[dict[str, Any], ...] = (
        {"price": "mười ngàn"},
        {"title": None},
        {"season": "13-15"},
        {"ward_code": "Xã Không Có"},
        {"sku": "LẠ"},
    )
    step = number // faulty
    return [goods(n, **(kinds[n // step % len(kinds)] if n % step == 0 else {})) for n in range(number)]


def xlsx_of(rows: list[list[Any]], headings: list[str] | None = None) -> bytes:
    book = Workbook()
    book.active.append(HEADINGS if headings is None else headings)
    for row in rows:
        book.active.append(row)
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv_of(rows: list[list[Any]], *, delimiter: str = ",", encoding: str = "utf-8-sig") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows([HEADINGS, *rows])
    return out.getvalue().encode(encoding)


def zip_of(**files: bytes) -> io.BytesIO:
    """An archive of these files: ``zip_of(**{"a.jpg": picture()})``."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    out.seek(0)
    out.name = "hinh.zip"
    return out


def picture(colour: str = "orange", side: int = 64) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(out, "JPEG")
    return out.getvalue()


def upload(cooperative: Cooperative, content: bytes, *, key: str = "k1", pictures: Any = None) -> SheetJob:
    """Uploaded and looked at, as the background does it."""
    from django.core.files.base import File

    zipped = File(pictures, name="hinh.zip") if pictures is not None else None
    job = job_create(cooperative=cooperative, key=key, name="hang.xlsx", content=content, pictures=zipped, by="test")
    job_work(job.pk)
    return SheetJob.objects.get(pk=job.pk)


def take(job: SheetJob) -> SheetJob:
    """Everything in."""
    job_take(job=job, by="test")
    job_work(job.pk)
    return SheetJob.objects.get(pk=job.pk)


def counts(job: SheetJob) -> tuple[int, int, int, int]:
    """New, changed, unchanged, faulty."""
    return job.new, job.changed, job.same, job.faulty


def faults(job: SheetJob) -> list[tuple[int, str, str]]:
    """(row, column, code) of every fault."""
    rows = job.lines.order_by("number")
    return [(row.number, column, code) for row in rows for column, code, _text in row.problems]


def cells_of(content: bytes, sheet: int = 0) -> list[tuple[Any, ...]]:
    """The cells of a workbook."""
    return list(load_workbook(io.BytesIO(content)).worksheets[sheet].iter_rows(values_only=True))
