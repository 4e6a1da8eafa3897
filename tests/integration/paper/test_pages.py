"""The pages of the workspace that print, and the buyer's contract."""

import pytest
from django.test import Client

from shop.core.codes import display_number
from shop.paper import parcels as selecting
from shop.paper.rendering import PaperError
from shop.seller.paper import views
from tests.factories.market import listing_make
from tests.integration.paper.reading import texts

pytestmark = pytest.mark.django_db

HOME = "/ban-hang/giay-to/"
PDFS = ("phieu-soan-hang.pdf", "phieu-dong-goi.pdf", "nhan-dia-chi.pdf", "phieu-giao-hang.pdf")


def test_the_page_offers_the_orders_to_be_packed(owner_client, cooperative, taken, django_assert_max_num_queries):
    order = taken(cooperative, provider="cod").order
    waiting = taken(cooperative, accept=False).order
    with django_assert_max_num_queries(40) as few:
        page = owner_client.get(HOME).content.decode()
    assert f'value="{order.number}"' in page
    assert waiting.number not in page
    taken(cooperative)
    taken(cooperative)
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert owner_client.get(HOME).content.decode().count('name="don"') == 3


@pytest.mark.parametrize("name", PDFS)
def test_all_taken_orders_without_a_choice(owner_client, cooperative, taken, name):
    orders = [taken(cooperative).order for _n in range(2)]
    answer = owner_client.get(HOME + name)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    shown = " ".join(texts(answer.content))
    assert all(display_number(order.number) in shown for order in orders)


def test_the_file_has_a_name_in_both_spellings(owner_client, cooperative, taken):
    taken(cooperative)
    header = owner_client.get(HOME + PDFS[0])["Content-Disposition"]
    assert header.startswith('inline; filename="')
    assert header.isascii()
    assert ".pdf\"; filename*=UTF-8''" in header


def test_unpaid_and_cancelled_orders_are_named_and_nothing_is_printed(owner_client, cooperative, taken):
    good = taken(cooperative).order
    unpaid = taken(cooperative, accept=False).order
    ended = taken(cooperative)
    ended.state = "cancelled"
    ended.save()
    numbers = [good.number, unpaid.number, ended.order.number]
    answer = owner_client.get(HOME + PDFS[1], {"don": numbers})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert display_number(unpaid.number) in page
    assert display_number(ended.order.number) in page
    assert page.count('name="don"') == 1
    assert f'value="{good.number}"' in page


def test_a_neighbours_number_does_not_exist(owner_client, cooperative, neighbour, taken):
    theirs, mine = taken(neighbour).order, taken(cooperative).order
    for name in PDFS:
        assert owner_client.get(HOME + name, {"don": theirs.number}).status_code == 404
    shown = " ".join(texts(owner_client.get(HOME + PDFS[1], {"don": [theirs.number, mine.number]}).content))
    assert display_number(mine.number) in shown
    assert display_number(theirs.number) not in shown


def test_nothing_taken_yet(owner_client):
    assert owner_client.get(HOME).status_code == 200
    assert owner_client.get(HOME + PDFS[0]).status_code == 409


def test_too_many_orders_at_once(owner_client, cooperative, taken, monkeypatch):
    taken(cooperative)
    taken(cooperative)
    monkeypatch.setattr(selecting, "MAX_ORDERS", 1)
    answer = owner_client.get(HOME + PDFS[0])
    assert answer.status_code == 409
    assert answer["Content-Type"].startswith("text/html")


def test_a_server_without_pango_says_so(owner_client, cooperative, taken, monkeypatch):
    def broken(*_args):
        raise PaperError("unavailable")

    taken(cooperative)
    monkeypatch.setattr(views.documents, "pick_list", broken)
    assert owner_client.get(HOME + PDFS[0]).status_code == 503


@pytest.mark.parametrize(
    ("role", "prices", "poster"),
    [("owner", 200, 200), ("seller", 200, 200), ("packer", 403, 403), ("accountant", 403, 200)],
)
def test_who_prints_what(client, cooperative, member, taken, role, prices, poster):
    taken(cooperative)
    client.force_login(member(cooperative, role))
    assert client.get(HOME + PDFS[0]).status_code == 200
    assert client.get(HOME + "bang-gia/").status_code == prices
    assert client.get(HOME + "ap-phich.pdf").status_code == poster
    page = client.get(HOME).content.decode()
    assert ("bang-gia/" in page, "ap-phich.pdf" in page) == (prices == 200, poster == 200)
    assert client.post(HOME + PDFS[0]).status_code in {403, 405}


def test_price_labels_from_the_form(owner_client, cooperative, neighbour):
    mine, theirs = listing_make(cooperative, title="Cam xoàn"), listing_make(neighbour, title="Quýt")
    data = {"size": "40", "first": "3", f"n{mine.product_id}": "2", f"n{theirs.product_id}": "5"}
    answer = owner_client.get(HOME + "bang-gia/nhan.pdf", data)
    assert answer["Content-Type"] == "application/pdf"
    (page,) = texts(answer.content)
    assert (page.count("Cam xoàn"), page.count("Quýt")) == (2, 0)


@pytest.mark.parametrize(
    "wrong", [{"n": "0"}, {"n": "-1"}, {"n": "x"}, {"n": "1001"}, {"first": "41"}, {"first": "0"}, {"size": "7"}]
)
def test_a_wrong_number_is_said_beside_its_field(owner_client, cooperative, wrong):
    listing = listing_make(cooperative)
    data = {"size": "40", "first": "1", "n": "2"} | wrong
    data[f"n{listing.product_id}"] = data.pop("n")
    answer = owner_client.get(HOME + "bang-gia/nhan.pdf", data)
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert f'name="n{listing.product_id}" value="{data[f"n{listing.product_id}"]}"' in answer.content.decode()


def test_the_buyer_downloads_the_contract(client, cooperative, neighbour, taken):
    order, stranger = taken(cooperative, accept=False).order, taken(neighbour, accept=False).order
    group = order.membership.group
    url = f"/don-hang/{group.code}/hop-dong.pdf"
    assert f"{url}?don={order.number}" in client.get(f"/don-hang/{group.code}/{order.number}/").content.decode()
    assert url in client.get(f"/don-hang/{group.code}/").content.decode()
    answer = client.get(url)
    assert answer["Cache-Control"] == "private, no-store"
    (page,) = texts(answer.content)
    assert cooperative.legal_name in page
    assert "320.000 ₫" in page
    assert client.get(url, {"don": order.number}).status_code == 200
    assert client.get(url, {"don": stranger.number}).status_code == 404
    assert Client().get("/don-hang/aaaaaaaaaaaaaaaaaaaa/hop-dong.pdf").status_code == 404
