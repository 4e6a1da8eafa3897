"""The buyer's pages about a problem: no account needed, nobody else's."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shop.claims.models import Claim
from shop.claims.services import claim_answer
from shop.fulfilment.models import ConsignmentEvent
from tests.integration.seller.parcels import BY, jpeg

pytestmark = pytest.mark.django_db
HOSTILE = '<script>alert(1)</script>\u202e"'


def base(order):
    return f"/don-hang/{order.membership.group.code}/{order.number}/su-co/"


def posted(order, **changes):
    fields = {"kind": "broken", "text": "Bị dập", "key": "page-1", f"line-{order.lines.get().pk}": "1"}
    return fields | changes


def test_report_with_photos_and_its_page(client, delivered):
    order = delivered.order
    page = client.get(base(order)).content.decode()
    assert 'enctype="multipart/form-data"' in page
    for _ in range(2):
        answer = client.post(base(order), posted(order, text=HOSTILE, photos=[jpeg(), jpeg("b.jpg")]))
        claim = Claim.objects.get()
        assert answer["Location"] == f"{base(order)}{claim.number}/"
    page = client.get(answer["Location"])
    assert "private, no-store" in page["Cache-Control"]
    text = page.content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text
    assert "\u202e" not in text
    photo = claim.photos.first()
    answer = client.get(f"{base(order)}{claim.number}/anh/{photo.pk}/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert b"10.36" not in b"".join(answer.streaming_content)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"text": ""}, "Chuyện"),
        ({"kind": "ugly"}, "Bị gì"),
        ({"photos": [SimpleUploadedFile("a.jpg", b"<svg onload=x>")]}, "Bị gì"),
        ({"photos": [jpeg(f"{n}.jpg") for n in range(6)]}, "Bị gì"),
    ],
)
def test_mistakes_keep_what_was_typed(client, delivered, change, words):
    order = delivered.order
    answer = client.post(base(order), posted(order, **({"text": "Hộp móp"} | change)))
    assert answer.status_code == 422
    assert answer.context["form"].errors
    if "text" not in change:
        assert "Hộp móp" in answer.content.decode()
    assert not Claim.objects.exists()


def test_no_units_is_a_mistake(client, delivered):
    order = delivered.order
    answer = client.post(base(order), posted(order) | {f"line-{order.lines.get().pk}": "0"})
    assert answer.status_code == 422
    assert not Claim.objects.exists()


def test_after_the_deadline_the_page_says_so(client, delivered):
    order = delivered.order
    late = ConsignmentEvent.objects.filter(kind="delivered")
    late.update(at=late.get().at - timedelta(hours=24))
    page = client.get(base(order))
    assert page.context["scope"].code == "over"
    assert "tel:" in page.content.decode()
    assert client.post(base(order), posted(order)).status_code == 409
    assert not Claim.objects.exists()


def test_other_purchases_do_not_reach_it(client, delivered, taken):
    order, other = delivered.order, taken().order
    client.post(base(order), posted(order, photos=[jpeg()]))
    claim = Claim.objects.get()
    code = other.membership.group.code
    pk = claim.photos.get().pk
    for path in (
        f"/don-hang/{code}/{order.number}/su-co/",
        f"/don-hang/{code}/{other.number}/su-co/{claim.number}/",
        f"/don-hang/{code}/{other.number}/su-co/{claim.number}/anh/{pk}/",
        f"{base(order)}{claim.number}/anh/{pk + 99}/",
        f"{base(order)}{claim.number}/anh/{10**25}/",
    ):
        assert client.get(path).status_code == 404


def test_reply_once_and_close(client, delivered):
    order = delivered.order
    client.post(base(order), posted(order))
    claim = Claim.objects.get()
    path = f"{base(order)}{claim.number}/"
    assert client.post(path + "xong/").status_code == 409
    claim_answer(claim=claim, outcome="refuse", text="Không phải lỗi của tụi con", by=BY)
    assert "Không phải lỗi" in client.get(path).content.decode()
    assert client.post(path + "tra-loi/", {"text": " "}).status_code == 422
    assert client.post(path + "tra-loi/", {"text": "Có hình mà"}).status_code in (302, 303)
    assert client.post(path + "tra-loi/", {"text": "Thêm"}).status_code == 409
    claim.refresh_from_db()
    assert (claim.state, claim.reply) == ("escalated", "Có hình mà")


def test_order_page_leads_there_and_to_zalo(client, cooperative, delivered):
    cooperative.zalo = "+84900012345"
    cooperative.save()
    order = delivered.order
    group = order.membership.group
    page = client.get(f"/don-hang/{group.code}/{order.number}/").content.decode()
    for wanted in (base(order), "nhan-xet/", f"tel:{cooperative.phone}", "https://zalo.me/0900012345"):
        assert wanted in page
