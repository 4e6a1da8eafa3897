"""Goods in and out of Excel, as a person does it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from shop.listings.models import Listing
from shop.sheets.models import SheetJob
from tests.factories import listing_make
from tests.factories.sheets import HEADINGS, cells_of, goods, row_of, upload, xlsx_of, zip_of

START = "/ban-hang/hang/bang-tinh/"
pytestmark = pytest.mark.django_db


def send(client, content, name="hang.xlsx", key="abcdefgh12345678", **more):
    return client.post(f"{START}tai-len/", {"key": key, "file": SimpleUploadedFile(name, content), **more})


def test_from_the_upload_to_the_result(owner_client, cooperative, run_tasks):
    answer = send(owner_client, xlsx_of([goods(1), goods(2), row_of(sku="LẠ", price=5)]))
    job = SheetJob.objects.get()
    assert (answer.status_code, answer.url) == (303, f"{START}{job.pk}/")
    assert send(owner_client, b"again").url == answer.url
    page = owner_client.get(answer.url)
    assert "data-poll=" in page.text and "<progress" in page.text
    run_tasks()
    page = owner_client.get(answer.url).text
    assert "Nhập 2 dòng" in page or "2 rows" in page
    assert "LẠ" in page
    answer = owner_client.post(f"{START}{job.pk}/nhap/")
    assert answer.status_code == 303
    assert owner_client.post(f"{START}{job.pk}/nhap/").status_code == 303
    run_tasks()
    assert Listing.objects.filter(cooperative=cooperative).count() == 2
    job.refresh_from_db()
    assert owner_client.get(f"{START}{job.pk}/tin/").json() == {"version": job.version}
    rows = cells_of(owner_client.get(f"{START}{job.pk}/loi/").content)
    assert (len(rows), rows[1][1], rows[1][2]) == (2, 4, "LẠ")


def test_template_and_export_have_the_same_columns(owner_client, cooperative):
    listing_make(cooperative, title="Vú sữa")
    for path in ("mau/", "xuat/"):
        answer = owner_client.get(START + path)
        assert answer["Content-Disposition"].startswith("attachment")
        assert list(cells_of(answer.content)[0]) == HEADINGS
        text = owner_client.get(f"{START}{path}?dang=csv").content
        assert text.startswith(b"\xef\xbb\xbf")
        assert text.decode("utf-8-sig").splitlines()[0].split(",") == HEADINGS


def test_a_bad_file_is_told_beside_its_field(owner_client, cooperative):
    for content in (b"", b"%PDF-1.7 x"):
        assert send(owner_client, content).status_code == 422
    bad = SimpleUploadedFile("hinh.zip", zip_of(**{"../a.jpg": b"x"}).read())
    assert send(owner_client, xlsx_of([goods(1)]), pictures=bad).status_code == 422
    assert owner_client.post(f"{START}tai-len/", {"key": "abcdefgh1"}).status_code == 422
    assert SheetJob.objects.count() == 0


def test_a_huge_request_is_refused_unread(owner_client, cooperative):
    answer = owner_client.post(f"{START}tai-len/", {"x": "y"}, CONTENT_LENGTH=str(300 * 1024 * 1024))
    assert answer.status_code == 413


def test_dropped_is_dropped(owner_client, cooperative):
    job = upload(cooperative, xlsx_of([goods(1)]))
    assert owner_client.post(f"{START}{job.pk}/bo/").status_code == 303
    assert owner_client.post(f"{START}{job.pk}/nhap/").status_code == 409
    assert Listing.objects.count() == 0


@pytest.mark.parametrize("page", ["sheets-job", "sheets-news", "sheets-faults"])
def test_sheets_of_others_do_not_exist(owner_client, neighbour, page):
    job = upload(neighbour, xlsx_of([goods(1)]))
    assert owner_client.get(reverse(f"seller:{page}", kwargs={"pk": job.pk})).status_code == 404


def test_packers_read_whose_task_it_is(client, cooperative, member):
    client.force_login(member(cooperative, "packer"))
    assert client.get(START).status_code == 403
