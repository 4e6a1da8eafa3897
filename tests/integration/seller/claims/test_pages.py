"""The cooperative's and the province's pages about problems."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shop.accounts.models import User
from shop.claims.models import Claim
from shop.claims.services import claim_answer, claim_open, claim_reply
from shop.core.uploads import image_clean
from shop.payment.refunds.models import Refund
from tests.integration.seller.parcels import BY, jpeg

pytestmark = pytest.mark.django_db
URL = "/ban-hang/khieu-nai/"


@pytest.fixture
def claim(delivered):
    order = delivered.order
    return claim_open(
        order=order, kind="broken", lines={order.lines.get(): 1}, text="<b>Dập</b>", key="k", by=BY,
        photos=[image_clean(jpeg())],
    )  # fmt: skip


@pytest.fixture
def operator_client(client):
    client.force_login(User.objects.create_superuser("op@example.vn"))
    return client


def test_list_escapes_and_queries_do_not_grow(owner_client, claim, taken, django_assert_max_num_queries):
    page = owner_client.get(URL).content.decode()
    assert "&lt;b&gt;Dập" in page
    assert claim.number in page
    for _ in range(3):
        order = taken().order
        Claim.objects.create(
            number=f"KN{order.pk}",
            key=f"x{order.pk}",
            order=order,
            cooperative=claim.cooperative,
            kind="broken",
            text="x",
        )
    with django_assert_max_num_queries(14):
        owner_client.get(URL)


def test_late_answer_is_marked(owner_client, claim):
    Claim.objects.update(created_at=timezone.now() - timedelta(hours=49))
    assert owner_client.get(URL).context["claims"][0].is_late


def test_answer_with_money(owner_client, claim):
    page = owner_client.get(f"{URL}{claim.number}/")
    assert page.context["form"].initial["amount"].startswith("100.000")
    for _ in range(2):
        answer = owner_client.post(
            f"{URL}{claim.number}/tra-loi/", {"outcome": "refund", "amount": "100.000", "text": "Dạ hoàn"}
        )
        assert answer.status_code == 303
    assert Refund.objects.get().amount == 100_000


@pytest.mark.parametrize(
    "fields",
    [
        {"outcome": "refund", "amount": "", "text": "x"},
        {"outcome": "refund", "amount": "220.001", "text": "x"},
        {"outcome": "refund", "amount": "abc", "text": "x"},
        {"outcome": "gift", "text": "x"},
        {"outcome": "refuse", "text": ""},
        {"outcome": "refuse", "text": "x" * 1001},
    ],
)
def test_bad_answers(owner_client, claim, fields):
    assert owner_client.post(f"{URL}{claim.number}/tra-loi/", fields).status_code == 422
    claim.refresh_from_db()
    assert claim.state == "open"
    assert not Refund.objects.exists()


def test_second_answer_is_a_conflict(owner_client, claim):
    claim_answer(claim=claim, outcome="refuse", text="x", by=BY)
    answer = owner_client.post(f"{URL}{claim.number}/tra-loi/", {"outcome": "replace", "text": "y"})
    assert answer.status_code == 409


def test_packers_look_but_do_not_answer(client, cooperative, member, claim):
    client.force_login(member(cooperative, "packer"))
    page = client.get(f"{URL}{claim.number}/")
    assert "tra-loi/" not in page.content.decode()
    assert client.post(f"{URL}{claim.number}/tra-loi/", {"outcome": "refuse", "text": "y"}).status_code == 403
    claim.refresh_from_db()
    assert claim.state == "open"


def test_neighbours_see_nothing(client, neighbour, member, claim):
    client.force_login(member(neighbour))
    assert claim.number not in client.get(URL).content.decode()
    pk = claim.photos.get().pk
    for path in (f"{URL}{claim.number}/", f"{URL}{claim.number}/anh/{pk}/", f"{URL}tat-ca/"):
        assert client.get(path).status_code in (403, 404)
    assert client.post(f"{URL}{claim.number}/tra-loi/", {"outcome": "refuse", "text": "y"}).status_code == 404


def test_photo_for_the_cooperative(owner_client, claim):
    answer = owner_client.get(f"{URL}{claim.number}/anh/{claim.photos.get().pk}/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert owner_client.get(f"{URL}{claim.number}/anh/{10**25}/").status_code == 404


def test_province_settles_what_was_brought_to_it(operator_client, claim):
    url = f"{URL}tat-ca/"
    assert claim.number not in operator_client.get(url).content.decode()
    assert operator_client.post(f"{url}{claim.number}/xong/", {f"{claim.number}-verdict": "x"}).status_code == 409
    claim_answer(claim=claim, outcome="refuse", text="x", by=BY)
    claim_reply(claim=claim, text="Không chịu", by=BY)
    assert "Không chịu" in operator_client.get(url).content.decode()
    assert operator_client.post(f"{url}{claim.number}/xong/", {}).status_code == 422
    assert operator_client.post(f"{url}KNNOPE/xong/", {}).status_code == 404
    answer = operator_client.post(f"{url}{claim.number}/xong/", {f"{claim.number}-verdict": "Hòa giải xong"})
    assert answer.status_code == 303
    claim.refresh_from_db()
    assert (claim.state, claim.verdict) == ("closed", "Hòa giải xong")


def test_sellers_do_not_see_the_provinces_list(owner_client, claim):
    assert owner_client.get(f"{URL}tat-ca/").status_code in (403, 404)
    assert owner_client.post(f"{URL}tat-ca/{claim.number}/xong/", {"verdict": "x"}).status_code in (403, 404)
