"""The province's officers look at goods."""

import pytest
from django.contrib.auth.models import Permission

from shop.accounts.models import User
from shop.audit.models import AuditEntry
from shop.listings.models import Listing, ListingChange, WarningPhrase
from shop.listings.photos import photo_add
from shop.listings.services import fields_of, listing_send, listing_update
from tests.factories.market import listing_make

pytestmark = pytest.mark.django_db
QUEUE = "/quan-tri/tin-hang/"


@pytest.fixture
def officer(client):
    person = User.objects.create_user(email="canbo@example.vn", password="mot-mat-khau-dai")
    person.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "change_listing"]))
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def waiting():
    listing = listing_make(state="draft", published_at=None, title="Trà sen", summary_vi="Đặc trị mất ngủ")
    photo_add(listing=listing, name="a.jpg", by="Lành")
    return listing_send(listing=listing, by="Lành")


def test_strangers_and_other_staff_do_not_get_in(client, waiting):
    assert client.get(QUEUE).status_code == 302
    person = User.objects.create_user(email="bien-tap@example.vn", password="mot-mat-khau-dai")
    person.user_permissions.set(Permission.objects.filter(codename="access_admin"))
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.post(f"{QUEUE}{waiting.pk}/", {"do": "approve", "revision": waiting.revision})
    assert Listing.objects.get().state == "review"
    assert "tin-hang" not in client.get("/quan-tri/").content.decode()


def test_read_then_approved(officer, waiting):
    assert "Trà sen" in officer.get(QUEUE).content.decode()
    page = officer.get(f"{QUEUE}{waiting.pk}/")
    assert [line.phrases for line in page.context["lines"] if line.phrases] == [["đặc trị"]]
    answer = officer.post(f"{QUEUE}{waiting.pk}/", {"do": "approve", "revision": page.context["revision"]})
    assert (answer.status_code, answer.url) == (303, QUEUE)
    assert Listing.objects.published().exists()
    assert AuditEntry.objects.get(action="listing.published").by == "canbo@example.vn"


def test_sent_back_only_with_a_reason(officer, waiting):
    assert officer.post(f"{QUEUE}{waiting.pk}/", {"do": "refuse", "reason": " "}).status_code == 422
    assert Listing.objects.get().state == "review"
    data = {"do": "refuse", "reason": "Bỏ chữ “đặc trị”", "revision": waiting.revision}
    assert officer.post(f"{QUEUE}{waiting.pk}/", data).status_code == 303
    assert Listing.objects.get().refusal == "Bỏ chữ “đặc trị”"


def test_what_was_changed_meanwhile_is_read_again(officer, waiting):
    said = fields_of(waiting)
    listing_update(listing=waiting, fields=said.__class__(**{**said.__dict__, "title": "Trà sen vàng"}), by="Lành")
    answer = officer.post(f"{QUEUE}{waiting.pk}/", {"do": "approve", "revision": waiting.revision})
    assert answer.status_code == 409 and "Trà sen vàng" in answer.content.decode()
    assert Listing.objects.get().state == "review"


def test_old_and_new_side_by_side(officer):
    listing = listing_make(title="Bưởi <cũ>")
    said = fields_of(listing)
    listing_update(listing=listing, fields=said.__class__(**{**said.__dict__, "title": "Bưởi <mới>"}), by="Lành")
    photo_add(listing=listing, name="new.jpg", by="Lành")
    change = ListingChange.objects.get()
    html = officer.get(f"{QUEUE}thay-doi/{change.pk}/").content.decode()
    assert "<del>Bưởi &lt;cũ&gt;</del>" in html and "<ins>Bưởi &lt;mới&gt;</ins>" in html and "new-800.webp" in html
    officer.post(f"{QUEUE}thay-doi/{change.pk}/", {"do": "approve", "revision": change.revision})
    listing.product.refresh_from_db()
    assert (listing.product.title, listing.product.images.get().original.name) == ("Bưởi <mới>", "new.jpg")


def test_taken_down(officer):
    listing = listing_make()
    officer.post(f"{QUEUE}{listing.pk}/", {"do": "down", "reason": "Hàng không đúng mô tả"})
    assert Listing.objects.get().state == "refused"


def test_phrases(officer):
    officer.post(f"{QUEUE}tu-khoa/", {"phrases": "Thần kỳ\n\nthần kỳ\ntrị bệnh"})
    assert list(WarningPhrase.objects.values_list("phrase", flat=True)) == ["thần kỳ", "trị bệnh"]
    assert officer.post(f"{QUEUE}tu-khoa/", {"phrases": "x" * 61}).status_code == 422
    assert WarningPhrase.objects.count() == 2
    assert AuditEntry.objects.filter(action="listing.phrases", scope="market").count() == 1
