"""What stands on the paper, read back from the PDF."""

import pytest
from django.utils.translation import gettext as _
from django.utils.translation import override

from shop.core.codes import display_number
from shop.order.models import Order
from shop.paper import documents
from shop.paper.parcels import parcels_with_all, selection_of
from tests.factories.market import recipient
from tests.integration.paper.reading import codes, picture, sizes, squeezed, texts
from tests.unit.paper.test_paper import LETTERS

#: Orders with address and seller, lines, products, listings, sizes, lots, ways to pay with transactions and attempts.
QUERIES = 8
HOSTILE = "<script>alert(1)</script> {{ 7|add:7 }} <img src=http://x.example/a.png> \u202e&amp;"
PLAIN = "<script>alert(1)</script> {{ 7|add:7 }} <img src=http://x.example/a.png> &amp;"


@pytest.fixture(autouse=True)
def vietnamese():
    with override("vi"):
        yield


def parcels(cooperative):
    return selection_of(cooperative, []).parcels


def test_every_vietnamese_letter_arrives_in_both_weights(cooperative, taken):
    letters = "".join(LETTERS)
    taken(cooperative, title=letters, to=recipient(street=letters))
    (page,) = texts(documents.contracts(parcels(cooperative)))
    assert squeezed(page).count(letters) == 2


def test_the_pick_list_sums_over_orders(cooperative, taken):
    one = taken(cooperative)
    line = one.order.lines.get()
    other = taken(cooperative, units=5)
    other.order.lines.update(product=line.product)
    (page,) = texts(documents.pick_list(cooperative, parcels(cooperative)))
    assert page.count("Vú sữa Lò Rèn") == 1
    assert f"{display_number(one.order.number)} × 2" in page
    assert f"{display_number(other.order.number)} × 5" in page
    assert " 7 " in page


def test_an_address_label_in_cash_says_how_much(cooperative, taken):
    order = taken(cooperative, provider="cod").order
    content = documents.address_labels(cooperative, parcels(cooperative), "a6")
    (page,) = texts(content)
    assert order.total_dong == 320_000
    assert "320.000 ₫" in page
    assert _("Paid already") not in page
    for part in ("Chị Thảo", "0901 234 567", "18 Trưng Trắc", "Phường Mỹ Tho, Đồng Tháp", cooperative.name, "2 kg"):
        assert part in page
    assert codes(content) == [order.number]
    assert sizes(content) == [(105, 148)]


@pytest.mark.parametrize("size", ["4", "8"])
def test_paid_labels_on_a_sheet_ask_for_nothing(cooperative, taken, size):
    numbers = {taken(cooperative).order.number for _n in range(2)}
    content = documents.address_labels(cooperative, parcels(cooperative), size)
    (page,) = texts(content)
    assert page.count(_("Paid already")) == 2
    assert "₫" not in page
    assert set(codes(content)) == numbers
    assert sizes(content) == [(210, 297)]


def test_slips_have_a_page_and_a_code_each(cooperative, taken):
    first = taken(cooperative).order
    second = taken(cooperative, provider="cod").order
    content = documents.packing_slips(cooperative, parcels(cooperative))
    pages = texts(content)
    assert len(pages) == 2
    assert [codes(content, n) for n in (0, 1)] == [[first.number], [second.number]]
    assert "320.000 ₫" in pages[1] and "320.000 ₫" not in pages[0]


def test_the_contract_names_seller_goods_and_sums(cooperative, taken):
    cooperative.tax_code, cooperative.representative = "1201234567", "Trần Thị Lành"
    cooperative.save()
    order = taken(cooperative).order
    (page,) = texts(documents.contracts(parcels(cooperative)))
    facts = [cooperative.legal_name, "1201234567", "Trần Thị Lành", "Chị Thảo", "Vú sữa Lò Rèn", "hộp 1 kg"]
    facts += ["Xã Vĩnh Kim, Đồng Tháp", "150.000 ₫", "300.000 ₫", "20.000 ₫", "320.000 ₫", "19/2023/QH15"]
    assert [fact for fact in [*facts, display_number(order.number)] if fact not in page] == []


def test_hostile_text_is_printed_as_it_is(cooperative, taken):
    taken(cooperative, title=HOSTILE, to=recipient(name=HOSTILE[:80], street=HOSTILE))
    for content in (
        documents.contracts(parcels(cooperative)),
        documents.packing_slips(cooperative, parcels(cooperative)),
    ):
        assert squeezed(texts(content)[0]).count(squeezed(PLAIN)) >= 2
    assert "14" not in texts(documents.pick_list(cooperative, parcels(cooperative)))[0].partition("add:7")[2][:5]


@pytest.mark.parametrize("size", ["a6", "4", "8"])
def test_endless_names_stay_on_their_label(cooperative, taken, size):
    order = taken(cooperative, provider="cod").order
    (parcel,) = parcels(cooperative)
    # Longer than any form takes: what got into the rows some other way.
    parcel.address.first_name = "W" * 10_000 + "\u202e" + "Ngọc " * 20
    parcel.address.line1 = "Ấp Ễn " * 2_000
    parcel.address.line3 = "Xã Rất Dài " * 1_000
    parcel.address.notes = "chú ý " * 2_000
    content = documents.address_labels(cooperative, [parcel], size)
    assert len(sizes(content)) == 1
    assert codes(content) == [order.number]
    image = picture(content)
    width, height = (105, 148) if size == "a6" else (210, 297)
    label = {"a6": (105, 148), "4": (105, 148.5), "8": (105, 74)}[size]
    dots = image.width / width
    # White around the label, and nothing where the other labels would be.
    assert image.crop((0, 0, int(2.5 * dots), image.height)).getextrema()[0] == 255
    if size != "a6":
        assert image.crop((int((label[0] - 2) * dots), 0, image.width, image.height)).getextrema()[0] == 255
        assert image.crop((0, int((label[1] + 0.6) * dots), image.width, int(height * dots))).getextrema()[0] == 255


def test_queries_do_not_grow_with_the_orders(cooperative, taken, django_assert_num_queries):
    for wanted in (1, 3):
        while Order.objects.count() < wanted:
            taken(cooperative)
        with django_assert_num_queries(QUERIES):
            assert len(texts(documents.contracts(parcels_with_all(Order.objects.all())))) == wanted
