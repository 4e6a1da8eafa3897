"""What goes out comes back unchanged, whatever a cooperative has written."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from oscar.core.loading import get_model

from shop.listings.services import Draft, ListingFields, listings_create
from shop.sheets.comparing import Comparer
from shop.sheets.goods import shelf_of
from shop.sheets.pictures import Pictures
from shop.sheets.reading import sheet_read
from shop.sheets.writing import csv_file, goods_rows, xlsx_file
from tests.factories import cooperative_make

ODD = st.text(st.sampled_from(list("ăđệXx019=+-@'\"\n\r\t,;.-/:%|") + ["\u202e", " ", "＝"]), min_size=1, max_size=25)
SAID = st.fixed_dictionaries(
    {
        "title": ODD.filter(lambda text: text.strip(" \n\r\t\u202e")),
        "summary_vi": ODD,
        "unit_vi": ODD,
        "storage_vi": ODD,
        "ocop_set": st.integers(1, 26),
        "season": st.integers(1, 4095),
        "net_weight_g": st.one_of(st.none(), st.integers(1, 100_000)),
        "price": st.one_of(st.none(), st.integers(1, 10**9)),
        "stock": st.one_of(st.none(), st.integers(0, 1000)),
    }
)


@pytest.mark.django_db
@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(SAID, min_size=1, max_size=8), st.lists(ODD, min_size=8, max_size=8))
def test_a_round_trip_changes_nothing(said, codes):
    cooperative = cooperative_make()
    listings_create(cooperative=cooperative, drafts=[Draft(ListingFields(**one)) for one in said], by="test")
    records = get_model("partner", "StockRecord").objects.filter(partner=cooperative.partner_id)
    for n, record in enumerate(records.order_by("pk")):
        record.partner_sku = f"{n}{codes[n].strip() or 'x'}"[:30]
        record.save()
    for content in (csv_file(goods_rows(cooperative)), xlsx_file(goods_rows(cooperative), cooperative)):
        table = sheet_read(content)
        comparer = Comparer(shelf_of(cooperative), Pictures(), "82")
        rows = [comparer.read(number, table.cells(cells)) for number, cells in table.rows]
        assert [(row.problems, row.values) for row in rows if row.action != "same"] == []
        assert len(rows) == len(said)
