"""A cooperative's whole list of goods out of Excel."""

ROWS, FAULTS = 5_000, 200


def test_sheet_of_5_000_rows(shop, show):
    found = shop.work("sheets", str(ROWS))

    show("")
    show(f"{shop.kind}: " + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in found["seconds"].items()))
    assert found["first"] == [ROWS - FAULTS, 0, 0, FAULTS]
    assert found["again"] == [0, 0, ROWS - FAULTS, FAULTS]
    assert (found["goods"], found["explained"]) == (ROWS - FAULTS, FAULTS)
    assert found["seconds"]["looked at"] + found["seconds"]["taken"] < 60
