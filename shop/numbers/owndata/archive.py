"""Writing the archive: every table as CSV and as JSON, the pictures, and a file that says what is what."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import IO, Any

from django.core.files.storage import default_storage
from django.utils.timezone import localtime

from shop.cooperatives.models import Cooperative
from shop.core.plain import line_plain
from shop.core.tables.export import csv_safe
from shop.numbers.owndata.tables import TABLES, ProductImage, Table

#: Pictures that count as one step of the progress.
PICTURES = 50
COPY = 256 * 1024


def steps_of(cooperative: Cooperative) -> int:
    """How many parts the archive has, for the progress."""
    return len(TABLES) + -(-len(pictures_of(cooperative)) // PICTURES) + 1


def archive_write(out: IO[bytes], cooperative: Cooperative, told: Callable[[int], None]) -> None:
    """Write the archive into an open file; ``told`` hears how many parts are in."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", readme(cooperative))
        told(1)
        for done, table in enumerate(TABLES, start=2):
            table_write(archive, table, cooperative)
            told(done)
        for place, name in enumerate(pictures_of(cooperative), start=1):
            picture_write(archive, name)
            if place % PICTURES == 0:
                told(1 + len(TABLES) + place // PICTURES)


def readme(cooperative: Cooperative) -> str:
    """What is in it, in both languages of the market; sums in dong, weights in grams."""
    lines = [
        f"Dữ liệu của {line_plain(cooperative.name)} / Data of {line_plain(cooperative.name)}",
        f"{localtime():%d/%m/%Y %H:%M}",
        "",
        "Mỗi bảng có hai bản: CSV (mở bằng Excel) và JSON. Tiền tính bằng đồng, khối lượng bằng gam.",
        "Each table comes twice: CSV (opens in Excel) and JSON. Money is in dong, weights in grams.",
        "Trong CSV, chữ bắt đầu như công thức có dấu ' ở trước; JSON giữ nguyên.",
        "In CSV, text that begins like a formula has an apostrophe in front; JSON has it as it is.",
        "Có số điện thoại người mua: xin giữ kín. / Buyers' phone numbers are in here: keep it safe.",
        "",
        *(f"{table.name}: {table.about}" for table in TABLES),
        "pictures/: pictures of the goods",
    ]
    return "\r\n".join(lines) + "\r\n"


def table_write(archive: zipfile.ZipFile, table: Table, cooperative: Cooperative) -> None:
    """One table, twice."""
    heads = list(table.columns)
    with archive.open(f"csv/{table.name}.csv", "w") as raw, text_of(raw, "utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(heads)
        writer.writerows([csv_cell(value) for value in row] for row in table.read(cooperative))
    with archive.open(f"json/{table.name}.json", "w") as raw, text_of(raw, "utf-8") as file:
        file.write("[")
        for place, row in enumerate(table.read(cooperative)):
            file.write(",\n" if place else "\n")
            file.write(json.dumps(dict(zip(heads, row, strict=True)), ensure_ascii=False))
        file.write("\n]\n")


def picture_write(archive: zipfile.ZipFile, name: str) -> None:
    """One picture as it is; a file that has gone is left out."""
    try:
        source = default_storage.open(name, "rb")
    except OSError:
        return
    info = zipfile.ZipInfo(f"pictures/{PurePosixPath(name).name}", localtime().timetuple()[:6])
    with source, archive.open(info, "w") as target:
        while part := source.read(COPY):
            target.write(part)


def pictures_of(cooperative: Cooperative) -> list[str]:
    """Files of the pictures of the cooperative's goods, each once."""
    rows = ProductImage.objects.filter(product__listing__cooperative=cooperative).exclude(original="")
    return list(dict.fromkeys(rows.order_by("pk").values_list("original", flat=True)))


# -- Parts -------------------------------------------------------------------------------------------------------


def csv_cell(value: Any) -> Any:
    """Lists as JSON; text that no spreadsheet computes."""
    return csv_safe(json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value)


def text_of(raw: IO[bytes], encoding: str) -> io.TextIOWrapper:
    """A text file over one entry of the archive."""
    return io.TextIOWrapper(raw, encoding=encoding, newline="")
