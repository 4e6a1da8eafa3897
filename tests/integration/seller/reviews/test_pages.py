"""The cooperative's reply, and the province's look at every review."""

import pytest

from shop.accounts.models import User
from shop.reviews.models import LineReview
from shop.reviews.services import review_publish, review_write
from tests.integration.seller.parcels import BY

pytestmark = pytest.mark.django_db
URL = "/ban-hang/danh-gia/"


@pytest.fixture
def row(delivered):
    return review_write(line=delivered.order.lines.get(), stars=4, text="<i>Ngon</i>", name="Thảo", by=BY)


def test_reply_once(owner_client, row):
    path = f"{URL}{row.pk}/tra-loi/"
    assert owner_client.post(path, {f"{row.pk}-text": "Cảm ơn"}).status_code == 404  # not public yet
    review_publish(row=row, by="staff")
    assert "&lt;i&gt;Ngon" in owner_client.get(URL).content.decode()
    assert owner_client.post(path, {f"{row.pk}-text": ""}).status_code == 422
    assert owner_client.post(path, {f"{row.pk}-text": "Cảm ơn"}).status_code == 303
    assert owner_client.post(path, {f"{row.pk}-text": "Cảm ơn"}).status_code == 303
    assert owner_client.post(path, {f"{row.pk}-text": "Khác"}).status_code == 409
    assert LineReview.objects.get().reply == "Cảm ơn"


def test_neighbours_and_packers_do_not_reply(client, cooperative, neighbour, member, row):
    review_publish(row=row, by="staff")
    for person, status in ((member(neighbour), 404), (member(cooperative, "packer"), 403)):
        client.force_login(person)
        assert client.post(f"{URL}{row.pk}/tra-loi/", {f"{row.pk}-text": "x"}).status_code == status
    assert LineReview.objects.get().reply == ""


def test_province_decides(client, row):
    client.force_login(User.objects.create_superuser("op@example.vn"))
    url = f"{URL}tat-ca/"
    assert "&lt;i&gt;Ngon" in client.get(url).content.decode()
    assert client.post(f"{url}{row.pk}/", {"do": "publish"}).status_code == 303
    row.refresh_from_db()
    assert row.is_public
    assert client.post(f"{url}{row.pk}/", {"do": "hide"}).status_code == 422
    assert client.post(f"{url}{row.pk}/", {"do": "hide", f"{row.pk}-reason": "Sai"}).status_code == 303
    assert LineReview.objects.select_related("review").get().is_hidden
    assert client.get(f"{url}?tab=hidden").context["entries"][0]["row"] == row
    assert client.post(f"{url}{10**25}/", {"do": "publish"}).status_code == 404


def test_sellers_do_not_decide(owner_client, row):
    assert owner_client.get(f"{URL}tat-ca/").status_code in (403, 404)
    assert owner_client.post(f"{URL}tat-ca/{row.pk}/", {"do": "publish"}).status_code in (403, 404)
    row.refresh_from_db()
    assert row.is_new
