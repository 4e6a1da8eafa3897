"""Work behind the pages: matching, and statements."""

LINES, ROWS = 500, 10_000


def test_matching(shop, show):
    found = shop.work("matching", str(LINES))

    show("")
    show(f"{shop.kind}: {found['coded']:.0f} lines with a code matched in a second, {found['plain']:.0f} without one")
    assert found["states"] == {"placed": LINES, "open": 10 * LINES, "new": 0}


def test_statements_of_10_000_rows(shop, show):
    found = shop.work("importing", str(ROWS))

    show("")
    show(f"{shop.kind}: " + ", ".join(f"{name} {row['seconds']:.1f} s" for name, row in found.items()))
    assert [row["new"] for row in found.values()] == [ROWS, 0, ROWS // 2]
