"""A sheet on its way into the shop."""

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from openpyxl import load_workbook

from shop.listings.models import Listing, ListingChange
from shop.listings.services import listing_archive
from shop.sheets.models import SheetJob
from shop.sheets.services import SheetError, job_create, job_take
from shop.sheets.taking import batch_take
from shop.sheets.tasks import job_work, jobs_clear, jobs_resume
from shop.sheets.writing import csv_file, faults_file, goods_rows, xlsx_file
from tests.factories import cooperative_make, listing_make
from tests.factories.sheets import (
    cells_of,
    counts,
    csv_of,
    faults,
    goods,
    picture,
    row_of,
    take,
    upload,
    with_faults,
    xlsx_of,
    zip_of,
)
from tests.factories.sizes import sizes_make

pytestmark = pytest.mark.django_db


@pytest.fixture
def cooperative():
    return cooperative_make("HTX Xoài")


def test_good_rows_go_in_although_others_are_faulty(cooperative):
    job = upload(cooperative, xlsx_of(with_faults(500, 20)))
    assert (job.state, counts(job)) == ("ready", (480, 0, 0, 20))
    assert Listing.objects.filter(cooperative=cooperative).count() == 0
    done = take(job)
    assert (done.state, done.done_rows) == ("done", 480)
    assert Listing.objects.filter(cooperative=cooperative, state="draft").count() == 480
    first = Listing.objects.get(cooperative=cooperative, product__title="Xoài sấy dẻo 1")
    record = first.product.stockrecords.get()
    assert (first.ocop_set, first.season, first.ship_weight_g) == (7, 0b111100, 600)
    assert (record.price, record.num_in_stock) == (50_100, 1)
    assert first.ward_code == cooperative.ward_code
    assert len(cells_of(faults_file(done))) == 21


def test_the_same_sheet_again_changes_nothing(cooperative):
    content = xlsx_of(with_faults(60, 5))
    take(upload(cooperative, content))
    with CaptureQueriesContext(connection) as queries:
        again = upload(cooperative, content, key="k2")
    assert counts(again) == (0, 0, 55, 5)
    assert not [q for q in queries if "listings_listing" in q["sql"] and not q["sql"].startswith("SELECT")]
    with pytest.raises(SheetError):
        job_take(job=again, by="test")


def test_queries_do_not_grow_with_new_rows(cooperative):
    def cost(number, key):
        job = upload(cooperative, csv_of([goods(n, title=f"{key} {n}") for n in range(number)]), key=key)
        job_take(job=job, by="test")
        with CaptureQueriesContext(connection) as queries:
            assert batch_take(job.pk)
        return len(queries)

    cost(2, "Bánh")
    few, many = cost(10, "Kẹo"), cost(100, "Mứt")
    # A row more costs no query; a large INSERT is sent in a few parts.
    assert few <= 25
    assert many <= few + 6


def test_a_worker_that_dies_loses_nothing(cooperative):
    job = upload(cooperative, xlsx_of([goods(n) for n in range(150)]))
    job_take(job=job, by="test")
    assert batch_take(job.pk)
    job_work(job.pk)
    job_work(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done_rows) == ("done", 150)
    assert Listing.objects.filter(cooperative=cooperative).count() == 150


def test_pressed_twice_is_once(cooperative):
    first = job_create(cooperative=cooperative, key="a", name="x", content=xlsx_of([goods(1)]), by="test")
    assert job_create(cooperative=cooperative, key="a", name="x", content=b"", by="test").pk == first.pk
    job_work(first.pk)
    assert job_take(job=first, by="test").state == job_take(job=first, by="test").state == "taking"


def test_words_that_shoppers_know_wait_while_price_and_stock_count_at_once(cooperative):
    listing = listing_make(cooperative, title="Xoài cát", price=100_000, stock=10)
    sku = listing.product.stockrecords.get().partner_sku
    job = upload(cooperative, xlsx_of([row_of(sku=sku, title="Xoài cát Chu", price="120,000 đ", stock=7.0)]))
    assert counts(job) == (0, 1, 0, 0)
    take(job)
    record = listing.product.stockrecords.get()
    assert (record.price, record.num_in_stock) == (120_000, 7)
    listing.product.refresh_from_db()
    assert listing.product.title == "Xoài cát"
    assert ListingChange.objects.get(listing=listing).values == {"title": "Xoài cát Chu"}
    again = upload(cooperative, xlsx_of([row_of(sku=sku, title="Xoài cát Chu", price=120_000, stock=7)]), key="k2")
    assert counts(again) == (0, 0, 1, 0)


def test_an_order_meanwhile_is_not_overwritten(cooperative):
    listing = listing_make(cooperative, stock=10)
    record = listing.product.stockrecords.get()
    job = upload(cooperative, xlsx_of([row_of(sku=record.partner_sku, stock=20)]))
    type(record).objects.filter(pk=record.pk).update(num_allocated=3)
    done = take(job)
    assert faults(done) == [(2, "stock", "stock_moved")]
    record.refresh_from_db()
    assert record.num_in_stock == 10


def test_codes_of_others_are_unknown_ones(cooperative):
    other = listing_make(cooperative_make("HTX Khác"), price=100_000)
    sku = other.product.stockrecords.get().partner_sku
    job = upload(cooperative, xlsx_of([row_of(sku=sku, title="Của tôi", price=1)]))
    assert faults(job) == [(2, "sku", "unknown")]
    assert other.product.stockrecords.get().price == 100_000


def test_faults_are_told_by_cell(cooperative):
    listing = listing_make(cooperative)
    gone = listing_make(cooperative, title="Cũ")
    listing_archive(listing=gone, by="test")
    sku, old = (one.product.stockrecords.get().partner_sku for one in (listing, gone))
    rows = [
        row_of(sku=sku, price="=1+1"),
        goods(1),
        goods(1, price=5),
        goods(3, summary_vi="x" * 10_000),
        [],
        goods(4, price=1.5, stock="ba"),
        row_of(sku=old, price=5),
        goods(5, state="Đang bán", photos="a.jpg"),
        row_of(sku=sku, price=7),
    ]
    found = faults(upload(cooperative, xlsx_of(rows)))
    assert found == [
        (2, "price", "formula"),
        (4, "title", "twice"),
        (5, "summary_vi", "too_long"),
        (7, "price", "price"),
        (7, "stock", "stock"),
        (8, "sku", "archived"),
        (9, "state", "state_new"),
        (9, "photos", "photo_missing"),
        (10, "sku", "twice"),
    ]


def test_a_row_for_each_size(cooperative):
    rows = [goods(1, title="Mứt dừa", size="túi 500 g"), goods(2, title="Mứt dừa", size="túi 1 kg", net_weight_g=1000)]
    job = upload(cooperative, xlsx_of(rows))
    assert counts(job) == (2, 0, 0, 0)
    take(job)
    listing = Listing.objects.get(cooperative=cooperative)
    found = [(one.size.label_vi, one.size.net_weight_g, one.card_price) for one in listing.product.sizes]
    assert found == [("túi 500 g", 500, 50_100), ("túi 1 kg", 1000, 50_200)]
    assert counts(upload(cooperative, xlsx_of(rows), key="k2")) == (0, 0, 2, 0)
    dearer = upload(cooperative, xlsx_of([rows[0], goods(2, title="Mứt dừa", size="TÚI 1 KG", net_weight_g=1000,
                                                         price=99_000)]), key="k3")  # fmt: skip
    assert counts(dearer) == (0, 1, 1, 0)
    take(dearer)
    listing = Listing.objects.get(cooperative=cooperative)
    assert [one.card_price for one in listing.product.sizes] == [50_100, 99_000]


def test_export_and_import_change_nothing(cooperative):
    listing_make(cooperative, title="=1+1", summary_vi="'+84\nhai dòng", unit_vi="007", shelf_life_vi="1-3")
    listing_make(cooperative, title='"Ngoặc", phẩy; chấm', season=0b100000000011, net_weight_g=500, ship_weight_g=650)
    sizes_make(listing_make(cooperative, title="Có cỡ"), "túi 500 g", ("túi 1 kg", 1000, 190_000, 4))
    for n, make in enumerate((csv_file, lambda rows: xlsx_file(rows, cooperative))):
        content = make(goods_rows(cooperative))
        assert counts(upload(cooperative, content, key=f"r{n}")) == (0, 0, 4, 0)


def test_nothing_in_an_export_is_computed(cooperative):
    listing_make(cooperative, title="=HYPERLINK(1)", summary_vi="@SUM(1)")
    text = csv_file(goods_rows(cooperative)).decode("utf-8-sig")
    assert ",'=HYPERLINK(1)," in text and ",'@SUM(1)," in text
    sheet = load_workbook(io.BytesIO(xlsx_file(goods_rows(cooperative), cooperative))).worksheets[0]
    assert (sheet["B2"].value, sheet["B2"].data_type) == ("=HYPERLINK(1)", "s")


def test_pictures_come_with_the_sheet_once(cooperative):
    files = {"hinh/Xoai.JPG": picture(), "__MACOSX/._Xoai.JPG": b"x", "doc.txt": b"x"}
    rows = [goods(1, photos="xoai.jpg", state="Chờ duyệt"), goods(2, photos="khong-co.jpg")]
    job = upload(cooperative, xlsx_of(rows), pictures=zip_of(**files))
    assert (counts(job), faults(job)) == ((1, 0, 0, 1), [(3, "photos", "photo_missing")])
    done = take(job)
    listing = Listing.objects.get(cooperative=cooperative)
    assert (listing.product.images.count(), listing.state, done.done_rows) == (1, "review", 1)
    again = upload(cooperative, xlsx_of(rows), key="k2", pictures=zip_of(**files))
    assert counts(again) == (0, 0, 1, 1)


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"../a.jpg": b"x"}, "zip_path"),
        ({"/etc/a.jpg": b"x"}, "zip_path"),
        ({"a.zip": b"PK"}, "zip_nested"),
        ({"a.jpg": b"0" * 3_000_000}, "zip_bomb"),
    ],
)
def test_bad_archives_are_refused(cooperative, files, code):
    job = upload(cooperative, xlsx_of([goods(1)]), pictures=zip_of(**files))
    assert (job.state, job.problem) == ("failed", code)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters(cooperative, encoding, delimiter):
    assert counts(upload(cooperative, csv_of([goods(1)], delimiter=delimiter, encoding=encoding))) == (1, 0, 0, 0)


@pytest.mark.parametrize(("content", "code"), [(b" ", "empty"), (b"%PDF-1.4", "pdf"), (b"a,b\n1,2", "headings"),
                                               (b"PK\x03\x04rest", "broken")])  # fmt: skip
def test_bad_files_are_explained(cooperative, content, code):
    job = upload(cooperative, content)
    assert (job.state, job.problem) == ("failed", code)


def test_a_sheet_without_a_worker_gets_a_new_one(cooperative, run_tasks):
    job = upload(cooperative, xlsx_of([goods(n) for n in range(3)]))
    job_take(job=job, by="test")
    DBTaskResult.objects.all().delete()
    assert jobs_resume() == 0
    SheetJob.objects.update(touched_at=timezone.now() - timedelta(minutes=5))
    assert (jobs_resume(), jobs_resume()) == (1, 0)
    run_tasks()
    job.refresh_from_db()
    assert (job.state, job.done_rows) == ("done", 3)


def test_sheets_that_nobody_takes_are_dropped_and_old_ones_forgotten(cooperative):
    job = upload(cooperative, xlsx_of([goods(1)]))
    assert jobs_clear() == 0
    SheetJob.objects.update(touched_at=timezone.now() - timedelta(days=8))
    assert jobs_clear() == 1
    job.refresh_from_db()
    assert (job.state, job.lines.count()) == ("dropped", 0)
    SheetJob.objects.update(finished_at=timezone.now() - timedelta(days=31))
    assert jobs_clear() == 1
    assert not SheetJob.objects.exists()
