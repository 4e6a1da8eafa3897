"""How long a large statement takes. The figures are printed (-s), not judged: machines differ."""

import time

import pytest

from shop.payment.vietqr.statements import lines_of, mapping_guess, table_read

from .samples import LAYOUTS, NOW, csv_file, html_file, movements, xlsx_file

ROWS = 10_000


@pytest.fixture(scope="module")
def made():
    return movements(ROWS, seed=3)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "html"])
def test_ten_thousand_rows(made, kind):
    layout = LAYOUTS["vietinbank"]
    content = {
        "csv": lambda: csv_file(layout.texts(made), encoding="cp1258"),
        "xlsx": lambda: xlsx_file(layout.rows(made)),
        "html": lambda: html_file(layout.texts(made)),
    }[kind]()
    start = time.perf_counter()
    table = table_read(content=content, name="")
    read = time.perf_counter()
    reading = lines_of(table, mapping_guess(table), now=NOW.replace(year=2030))
    print(
        f"\n{kind}: {len(content):,} bytes, {read - start:.2f} s to read, {time.perf_counter() - read:.2f} s for lines"
    )
    assert (len(reading.lines), reading.problems) == (ROWS, ())
    assert len({line.key for line in reading.lines}) == ROWS
