"""What a person finds behind "Tài khoản"; and that nobody else does."""

import pytest
from django.conf import settings as django_settings
from django.core.signing import Signer

from shop.accounts.models import SavedAddress, User
from shop.accounts.services import ADDRESS_LIMIT, address_save, user_of_contact
from shop.basket.models import Basket
from shop.messaging.models import Message
from shop.storefront.account import groups_of
from tests.factories import basket_of, listing_make, place, recipient
from tests.integration.accounts.conftest import E164, PHONE

pytestmark = pytest.mark.django_db
MY_THO, VINH_KIM, HOAN_KIEM = "28261", "28576", "00070"
HOME = "/tai-khoan/"
ADDRESSES = HOME + "dia-chi/"
FIELDS = {"name": "Chị Thảo", "phone": PHONE, "province": "82", "ward": MY_THO, "street": "18 Trưng Trắc"}
PAGES = [
    "",
    "don-hang/",
    "dia-chi/",
    "dia-chi/them/",
    "ho-so/",
    "ho-so/so-dien-thoai/",
    "ho-so/thu-dien-tu/",
    "mat-khau/",
]


@pytest.fixture
def me(client, shopper):
    client.force_login(shopper)
    return shopper


@pytest.fixture
def address(shopper):
    return address_save(user=shopper, name="Má", phone=E164, ward_code=VINH_KIM, street="Ấp Vĩnh Quí", by="test")


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_in_both_languages(client, me, path, prefix):
    answer = client.get(f"{prefix}{HOME}{path}")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"] or "no-cache" in answer["Cache-Control"]
    assert 'name="robots" content="noindex"' in page
    assert 'style="' not in page and "<script>" not in page
    assert page.count("<h1") == 1


@pytest.mark.parametrize("path", PAGES)
def test_every_page_asks_strangers_to_sign_in(client, path):
    answer = client.get(HOME + path)
    assert answer["Location"] == f"/tai-khoan/dang-nhap/?next={HOME}{path}"


# -- Basket and orders --------------------------------------------------------------------------------------------


def test_the_basket_comes_along(client, sign_in, shopper):
    mango, rice = listing_make(title="Xoài"), listing_make(title="Gạo")
    theirs = basket_of(mango, owner=shopper)
    guest = basket_of((rice, 2))
    client.cookies[django_settings.OSCAR_BASKET_COOKIE_OPEN] = Signer().sign(guest.pk)
    sign_in(client)
    client.get("/gio-hang/")
    merged = Basket.open.get(owner=shopper)
    assert merged.pk == theirs.pk
    assert {line.product_id: line.quantity for line in merged.lines.all()} == {mango.product_id: 1, rice.product_id: 2}


def test_without_orders_there_is_a_way_on(client, me):
    for path in ("", "don-hang/"):
        page = client.get(HOME + path).content.decode()
        assert 'href="/san-pham/"' in page and 'href="/tra-cuu/"' in page


def test_orders_of_the_account_and_of_the_verified_phone(client, me):
    own = place(basket_of(listing_make(), owner=me), to=recipient(phone="+84909999999")).group
    own.user = me
    own.save()
    as_guest = place(basket_of(listing_make()), to=recipient(phone=E164)).group
    stranger = place(basket_of(listing_make()), to=recipient(phone="+84908888888")).group
    page = client.get(HOME + "don-hang/").content.decode()
    assert own.code in page and as_guest.code in page
    assert stranger.code not in page


def test_a_phone_that_is_not_verified_shows_nothing_of_others(client, me):
    place(basket_of(listing_make()), to=recipient(phone=E164))
    User.objects.filter(pk=me.pk).update(phone_verified=False)
    assert not groups_of(User.objects.get(pk=me.pk)).exists()


def test_what_another_account_sent_to_my_phone_is_theirs(me):
    other = User.objects.create_user(phone="+84907777777", phone_verified=True)
    group = place(basket_of(listing_make()), to=recipient(phone=E164)).group
    group.user = other
    group.save()
    assert not groups_of(me).exists()


@pytest.mark.parametrize("prefix,words", [("", "Chờ bạn chuyển khoản"), ("/en", "Waiting for your transfer")])
def test_a_row_says_sum_and_state(client, me, prefix, words):
    place(basket_of(listing_make(price=120_000), listing_make(price=30_000)), provider="vietqr", service="pickup")
    page = client.get(f"{prefix}{HOME}").content.decode()
    assert page.count(words) == 2
    assert ("150.000" if not prefix else "150,000") in page


def test_the_list_costs_the_same_however_long_it_is(client, me, django_assert_max_num_queries):
    for _ in range(3):
        place(basket_of(listing_make(), listing_make()))
    with django_assert_max_num_queries(16):
        client.get(HOME + "don-hang/")


# -- Addresses ----------------------------------------------------------------------------------------------------


def test_the_form_begins_in_the_shops_own_province(client, me):
    assert '<option value="82" selected>' in client.get(ADDRESSES + "them/").content.decode()


def test_the_first_address_is_the_default(client, me):
    assert client.post(ADDRESSES + "them/", FIELDS).status_code == 303
    saved = SavedAddress.objects.get()
    assert (saved.user, saved.phone, saved.ward_code, saved.is_default) == (me, E164, MY_THO, True)
    assert "18 Trưng Trắc" in client.get(ADDRESSES).content.decode()


def test_the_default_moves(client, me, address):
    client.post(ADDRESSES + "them/", {**FIELDS, "make_default": "on"})
    newer = SavedAddress.objects.exclude(pk=address.pk).get()
    assert list(SavedAddress.objects.filter(is_default=True)) == [newer]
    client.post(f"{ADDRESSES}{address.pk}/mac-dinh/")
    assert list(SavedAddress.objects.filter(is_default=True)) == [address]
    client.post(f"{ADDRESSES}{address.pk}/xoa/")
    assert SavedAddress.objects.get().is_default
    assert client.post(f"{ADDRESSES}{address.pk}/xoa/").status_code == 303


def test_changing_an_address(client, me, address):
    page = client.get(f"{ADDRESSES}{address.pk}/").content.decode()
    assert "Ấp Vĩnh Quí" in page and f'value="{VINH_KIM}" selected' in page
    client.post(f"{ADDRESSES}{address.pk}/", FIELDS)
    address.refresh_from_db()
    assert (address.name, address.ward_code, address.is_default) == ("Chị Thảo", MY_THO, True)


def test_what_no_keyboard_types_is_left_out(client, me, address):
    client.post(f"{ADDRESSES}{address.pk}/", FIELDS | {"name": "x\0y"})
    address.refresh_from_db()
    assert "\0" not in address.name


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize(
    "change",
    [
        {"name": " "},
        {"phone": "123"},
        {"ward": ""},
        {"ward": "abc"},
        {"ward": HOAN_KIEM},
        {"province": "99"},
        {"street": ""},
        {"street": "x" * 201},
    ],
)
def test_a_bad_address_is_said_at_its_field(client, me, change, language):
    answer = client.post(language + ADDRESSES + "them/", {**FIELDS, **change})
    assert answer.status_code == 422
    assert "field__error" in answer.content.decode()
    assert not SavedAddress.objects.exists()


def test_another_province_without_script(client, me):
    data = {**FIELDS, "province": "01", "communes": "1"}
    answer = client.post(ADDRESSES + "them/", data)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'value="{HOAN_KIEM}"' in page and "18 Trưng Trắc" in page
    assert not SavedAddress.objects.exists()


def test_nobody_elses_address(client, me, address):
    other = type(client)()
    other.force_login(User.objects.create_user(phone="+84907777777"))
    assert other.get(f"{ADDRESSES}{address.pk}/").status_code == 404
    assert other.post(f"{ADDRESSES}{address.pk}/", FIELDS).status_code == 404
    assert other.post(f"{ADDRESSES}{address.pk}/mac-dinh/").status_code == 404
    other.post(f"{ADDRESSES}{address.pk}/xoa/")
    assert SavedAddress.objects.filter(pk=address.pk, name="Má").exists()


def test_links_change_nothing(client, me, address):
    newer = address_save(user=me, name="Ba", phone=E164, ward_code=MY_THO, street="x", by="test")
    assert client.get(f"{ADDRESSES}{newer.pk}/xoa/")["Location"] == ADDRESSES
    assert client.get(f"{ADDRESSES}{newer.pk}/mac-dinh/")["Location"] == ADDRESSES
    newer.refresh_from_db()
    assert not newer.is_default


def test_there_is_an_end_to_addresses(client, me):
    for n in range(ADDRESS_LIMIT):
        address_save(user=me, name=f"{n}", phone=E164, ward_code=MY_THO, street="x", by="test")
    answer = client.post(ADDRESSES + "them/", FIELDS)
    assert answer.status_code == 422
    assert SavedAddress.objects.count() == ADDRESS_LIMIT


# -- Name, phone, e-mail, password --------------------------------------------------------------------------------


def test_the_given_name_comes_last(client, me):
    assert client.post(HOME + "ho-so/", {"name": "  Lê  Thị Thanh Lan "}).status_code == 303
    me.refresh_from_db()
    assert (me.last_name, me.first_name, me.get_full_name()) == ("Lê Thị Thanh", "Lan", "Lê Thị Thanh Lan")
    assert client.post(HOME + "ho-so/", {"name": ""}).status_code == 422
    assert client.post(HOME + "ho-so/", {"name": "x" * 121}).status_code == 422


@pytest.mark.parametrize(
    "kind,typed,to,field",
    [
        ("thu-dien-tu", "Lan@example.vn", "lan@example.vn", "email"),
        ("so-dien-thoai", "0902 234 567", "+84902234567", "phone"),
    ],
)
def test_a_contact_is_stored_after_its_code(client, me, last_code, kind, typed, to, field):
    url = f"{HOME}ho-so/{kind}/"
    assert client.get(url + "ma/")["Location"] == url
    assert client.post(url, {"contact": typed})["Location"] == url + "ma/"
    me.refresh_from_db()
    assert getattr(me, field) != to
    assert client.get(url + "ma/").status_code == 200
    assert client.post(url + "ma/", {"code": "000000" if last_code(to) != "000000" else "111111"}).status_code == 422
    assert client.post(url + "ma/", {"code": last_code(to)}).status_code == 303
    me.refresh_from_db()
    assert getattr(me, field) == to


def test_the_replaced_number_is_told(client, me, last_code):
    client.post(HOME + "ho-so/so-dien-thoai/", {"contact": "0902 234 567"})
    client.post(HOME + "ho-so/so-dien-thoai/ma/", {"code": last_code("+84902234567")})
    assert "0902 234 567" in Message.objects.get(to=E164).body


def test_a_contact_of_another_account_is_not_taken(client, me, last_code):
    other = User.objects.create_user(email="lan@example.vn")
    client.post(HOME + "ho-so/thu-dien-tu/", {"contact": "lan@example.vn"})
    client.post(HOME + "ho-so/thu-dien-tu/ma/", {"code": last_code("lan@example.vn")})
    me.refresh_from_db()
    assert me.email is None
    assert User.objects.get(email="lan@example.vn") == other


@pytest.mark.parametrize(
    "kind,typed", [("thu-dien-tu", PHONE), ("thu-dien-tu", "x"), ("so-dien-thoai", "a@example.vn")]
)
def test_a_contact_of_the_wrong_kind(client, me, kind, typed):
    assert client.post(f"{HOME}ho-so/{kind}/", {"contact": typed}).status_code == 422


def test_other_kinds_of_contact_do_not_exist(client, me):
    assert client.get(HOME + "ho-so/facebook/").status_code == 404


def test_a_code_for_one_purpose_is_worth_nothing_for_another(client, me, last_code):
    client.post(HOME + "ho-so/thu-dien-tu/", {"contact": "lan@example.vn"})
    code = last_code("lan@example.vn")
    assert client.post(HOME + "mat-khau/ma/", {"code": code})["Location"] == HOME + "mat-khau/"
    assert client.get(HOME + "mat-khau/").content.decode().count('name="current"') == 1


def test_a_new_password_needs_the_old_one(client, me):
    url = HOME + "mat-khau/"
    assert client.post(url, {"password": "xoai cat hoa loc"}).status_code == 422
    assert client.post(url, {"current": "wrong", "password": "xoai cat hoa loc"}).status_code == 422
    assert client.post(url, {"current": "mot cau de nho", "password": "123"}).status_code == 422
    elsewhere = type(client)()
    elsewhere.force_login(me)
    assert client.post(url, {"current": "mot cau de nho", "password": "xoai cat hoa loc"}).status_code == 303
    assert client.get(HOME).status_code == 200
    assert elsewhere.get(HOME).status_code == 302
    assert User.objects.get(pk=me.pk).check_password("xoai cat hoa loc")


def test_a_forgotten_password_is_replaced_by_a_code(client, me, last_code):
    url = HOME + "mat-khau/"
    assert client.post(url, {"send_code": "1"})["Location"] == url + "ma/"
    client.post(url + "ma/", {"code": last_code()})
    assert client.post(url, {"password": "xoai cat hoa loc"}).status_code == 303
    assert User.objects.get(pk=me.pk).check_password("xoai cat hoa loc")


def test_somebody_without_a_password_proves_who_they_are_first(client, me):
    User.objects.filter(pk=me.pk).update(password="!")
    client.force_login(User.objects.get(pk=me.pk))
    assert 'name="password"' not in client.get(HOME + "mat-khau/").content.decode()
    assert client.post(HOME + "mat-khau/", {"password": "xoai cat hoa loc"}).status_code == 422
    assert not User.objects.get(pk=me.pk).has_usable_password()


def test_just_signed_in_by_code_is_proof_enough(client, sign_in):
    sign_in(client)
    assert client.post(HOME + "mat-khau/", {"password": "xoai cat hoa loc"}).status_code == 303
    assert client.get(HOME).status_code == 200


def test_an_account_is_made_once(shopper):
    again, created = user_of_contact(contact=E164, by="test")
    assert (again, created) == (shopper, False)
