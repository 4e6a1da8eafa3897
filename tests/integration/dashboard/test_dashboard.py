"""The operators' dashboard: who gets in, that every page works, that nothing comes from outside."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, reverse
from django.utils import timezone
from oscar.core.loading import get_model

from shop.accounts.models import User
from shop.cooperatives.models import Membership
from shop.dashboard.permissions import OPERATORS
from shop.dashboard.services import MONEY, dashboard_permissions, operator_add, operators_group_ensure
from shop.payment.services import attempts_of
from tests.factories.market import basket_of, cooperative_make, listing_make, place

pytestmark = pytest.mark.django_db

#: Pages that send on, or are no page at all.
ELSEWHERE = {
    "login",
    "logout",
    "catalogue-product-bulk-action",
    "catalogue-product-create",
    "offer-benefit",
    "offer-condition",
    "offer-restrictions",
}

#: Files by names of Oscar's storefront that hold the dashboard's own.
OWN_PARTIALS = ("oscar/partials/pagination.html", "oscar/partials/form_fields_inline.html")


def patterns(found=None):
    """All URL patterns below the dashboard."""
    for entry in apps.get_app_config("dashboard").get_urls() if found is None else found:
        if isinstance(entry, URLPattern):
            yield entry
        else:
            yield from patterns(entry.url_patterns)


NAMES = sorted({entry.name for entry in patterns()})


def address(name, *args):
    try:
        return reverse(f"dashboard:{name}", args=args)
    except NoReverseMatch:
        return ""


PLAIN = [(name, address(name)) for name in NAMES if address(name)]


@pytest.fixture
def shop(db):
    """A cooperative with a member, an order, an offer with a range, a voucher set and a review."""
    cooperative = cooperative_make()
    listing = listing_make(cooperative)
    buyer = User.objects.create_user(phone="+84912000009", first_name="Thảo")
    Membership.objects.create(cooperative=cooperative, user=buyer, role="owner")
    order = place(basket_of((listing, 2))).group.members.get().order
    review = get_model("reviews", "ProductReview").objects.create(
        product=listing.product, user=buyer, score=5, title="Ngon", body="Ngọt lắm", status=1
    )
    goods = get_model("offer", "Range").objects.create(name="Trái cây", includes_all_products=True, is_public=True)
    offer = offer_make("Giảm mùa vú sữa", goods)
    now = timezone.now()
    vouchers = get_model("voucher", "VoucherSet").objects.create(
        name="Tết", count=2, code_length=8, start_datetime=now, end_datetime=now + timedelta(days=9)
    )
    return {
        "listing": listing, "order": order, "buyer": buyer, "review": review, "range": goods, "offer": offer,
        "cooperative": cooperative, "vouchers": vouchers, "voucher": voucher_make(offer_make("Quà Tết", goods)),
    }  # fmt: skip


def offer_make(name, goods):
    return get_model("offer", "ConditionalOffer").objects.create(
        name=name,
        condition=get_model("offer", "Condition").objects.create(range=goods, type="Count", value=1),
        benefit=get_model("offer", "Benefit").objects.create(range=goods, type="Percentage", value=10),
    )


def voucher_make(offer):
    now = timezone.now()
    voucher = get_model("voucher", "Voucher").objects.create(
        name="Quà Tết", code="QUATET", usage="Single use", start_datetime=now, end_datetime=now + timedelta(days=9)
    )
    voucher.offers.add(offer)
    return voucher


@pytest.fixture
def operator(client):
    person = User.objects.create_user(phone="+84912000001", first_name="Điều")
    operator_add(user=person)
    client.force_login(person)
    return person


def details(shop):
    """Addresses of pages about one thing."""
    product, order = shop["listing"].product, shop["order"]
    category = get_model("catalogue", "Category").add_root(name="Trái cây", slug="trai-cay")
    return [
        address("catalogue-product", product.pk),
        address("catalogue-product-delete", product.pk),
        address("catalogue-product-create", product.product_class.slug),
        address("catalogue-class-update", product.product_class.pk),
        address("catalogue-category-update", category.pk),
        address("catalogue-category-detail-list", category.pk),
        address("order-detail", order.number),
        address("order-line-detail", order.number, order.lines.get().pk),
        address("order-shipping-address", order.number),
        address("user-detail", shop["buyer"].pk),
        address("partner-manage", shop["cooperative"].partner_id),
        address("partner-delete", shop["cooperative"].partner_id),
        address("offer-detail", shop["offer"].pk),
        address("offer-metadata", shop["offer"].pk),
        address("offer-benefit", shop["offer"].pk),
        address("offer-condition", shop["offer"].pk),
        address("offer-restrictions", shop["offer"].pk),
        address("offer-delete", shop["offer"].pk),
        address("range-update", shop["range"].pk),
        address("range-products", shop["range"].pk),
        address("range-delete", shop["range"].pk),
        address("voucher-stats", shop["voucher"].pk),
        address("voucher-update", shop["voucher"].pk),
        address("voucher-delete", shop["voucher"].pk),
        address("voucher-set-detail", shop["vouchers"].pk),
        address("voucher-set-update", shop["vouchers"].pk),
        address("voucher-set-delete", shop["vouchers"].pk),
        address("reviews-update", shop["review"].pk),
        address("reviews-delete", shop["review"].pk),
    ]


def check_page(answer, url):
    """Works, comes from this site alone, and has nothing of Oscar's storefront."""
    assert answer.status_code == 200, url
    names = {template.name for template in answer.templates if template.name}
    allowed = ("oscar/dashboard/", "oscar/forms/widgets/", *OWN_PARTIALS)
    assert not {name for name in names if name.startswith("oscar/") and not name.startswith(allowed)}, url
    text = answer.content.decode()
    assert not re.findall(r"""(?:src|href|action)=["']?(?:https?:)?//[^"'\s>]+""", text), url
    assert "googleapis" not in text


def test_every_page_works_for_an_operator(client, shop, operator):
    closed = apps.get_app_config("dashboard").is_closed
    assert len(PLAIN) > 30
    for name, url in PLAIN:
        if name not in ELSEWHERE:
            answer = client.get(url)
            if closed(name):
                assert answer.status_code == 404, url
            elif name == "catalogue-product-lookup":
                assert answer.status_code == 200
            else:
                check_page(answer, url)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_detail_page_works_for_an_operator(client, shop, operator, prefix):
    for url in details(shop):
        assert url
        check_page(client.get(prefix + url), url)


def test_reports_work(client, shop, operator):
    page = client.get(address("reports-index")).content.decode()
    reports = re.findall(r'<option value="([^"]+)"', page)
    assert reports
    for report in reports:
        check_page(client.get(address("reports-index"), {"report_type": report}), report)


def people(shop):
    """Everybody who is not an operator, whatever else they may be."""
    shopper = User.objects.create_user(phone="+84912000011")
    officer = User.objects.create_user(email="can-bo@example.vn", is_staff=True)
    officer.user_permissions.set(
        Permission.objects.filter(
            content_type__app_label__in={name.split(".")[0] for name in dashboard_permissions()} | {"wagtailadmin"}
        )
    )
    partner_user = User.objects.create_user(phone="+84912000012")
    partner_user.user_permissions.add(Permission.objects.get(codename="dashboard_access"))
    shop["cooperative"].partner.users.add(partner_user)
    return [shopper, shop["buyer"], officer, partner_user]


def test_nobody_else_gets_in(shop):
    urls = [url for name, url in PLAIN if name not in {"login", "logout"}] + details(shop)
    for person in people(shop):
        client = Client()
        client.force_login(person)
        for url in urls:
            assert client.get(url).status_code == 403, (person, url)
            assert client.post(url).status_code == 403, (person, url)
    stranger = Client()
    for url in urls:
        answer = stranger.get(url)
        assert answer.status_code == 302, url
        assert answer["Location"].endswith(f"?next={url}")
        assert "/dieu-hanh/login" not in answer["Location"].partition("?")[0]


def test_an_inactive_operator_is_out(client, operator):
    operator.is_active = False
    operator.save()
    assert client.get(address("index")).status_code != 200


def test_a_superuser_is_an_operator(client):
    client.force_login(User.objects.create_superuser(email="goc@example.vn"))
    assert client.get(address("index")).status_code == 200


def test_the_staff_flag_of_a_request_is_not_saved(client, operator):
    client.get(address("index"))
    operator.refresh_from_db()
    assert not operator.is_staff


def test_sign_in_is_the_shops_own(client):
    answer = client.get(address("login"), {"next": "/dieu-hanh/orders/"})
    assert answer.status_code == 302
    assert answer["Location"].endswith("?next=/dieu-hanh/orders/")
    answer = client.post(address("login"), {"username": "x", "password": "y"})
    assert answer["Location"].endswith("?next=/dieu-hanh/")
    answer = client.get(address("login"), {"next": "https://evil.example/"})
    assert "evil" not in answer["Location"]


def test_signing_out(client, operator):
    assert client.get(address("logout")).status_code == 405
    client.post(address("logout"))
    assert client.get(address("index")).status_code == 302


def test_the_group_can_be_ensured_twice():
    extra = Permission.objects.get(content_type__app_label="sites", codename="view_site")
    group = operators_group_ensure()
    group.permissions.add(extra)
    again = operators_group_ensure()
    assert (again.pk, again.name) == (group.pk, OPERATORS)
    held = {f"{p.content_type.app_label}.{p.codename}" for p in again.permissions.select_related("content_type")}
    assert held == dashboard_permissions() | MONEY | {"sites.view_site"}
    assert not held & {"partner.dashboard_access", "accounts.change_user", "accounts.add_user"}


def test_states_and_payments_are_not_written_here(client, shop, operator):
    order = shop["order"]
    url = address("order-detail", order.number)
    line = order.lines.get()
    for action in ("change_order_status", "create_order_payment_event"):
        client.post(url, {"order_action": action, "new_status": "cancelled", "amount": "5"})
    for action in ("change_line_statuses", "create_shipping_event", "create_payment_event"):
        data = {"line_action": action, "selected_line": line.pk, f"selected_line_qty_{line.pk}": 1}
        client.post(url, data | {"new_status": "cancelled", "shipping_event_type": "x", "payment_event_type": "x"})
    client.post(
        address("order-list"),
        {"action": "change_order_statuses", "selected_order": order.pk, "new_status": "cancelled"},
    )
    order.refresh_from_db()
    line.refresh_from_db()
    assert (order.status, line.status) == ("pending", "pending")
    assert attempts_of(order).get().state == "pending"
    page = client.get(url).content.decode()
    assert "change_order_status" not in page
    assert "create_payment_event" not in page


def test_notes_can_be_kept(client, shop, operator):
    client.post(address("order-detail", shop["order"].number), {"order_action": "save_note", "message": "Khách gọi"})
    assert shop["order"].notes.get().message == "Khách gọi"


def test_nobodys_password_is_set_here(client, shop, operator):
    partner = shop["cooperative"].partner
    boss = User.objects.create_superuser(email="goc@example.vn", password="old")
    partner.users.add(boss)
    data = {"password1": "Moi-12345", "password2": "Moi-12345", "role": "staff", "first_name": "a", "last_name": "b"}
    for url in (
        address("partner-user-update", partner.pk, boss.pk),
        address("partner-user-link", partner.pk, boss.pk),
        address("partner-user-create", partner.pk),
        address("user-password-reset", boss.pk),
    ):
        assert client.post(url, data | {"email": "neu@example.vn"}).status_code == 404
    boss.refresh_from_db()
    assert boss.check_password("old")
    assert not User.objects.filter(email="neu@example.vn").exists()


def test_the_command_lets_people_in(client):
    by_phone = User.objects.create_user(phone="+84912000021")
    by_email = User.objects.create_user(email="Dieu@example.vn")
    call_command("operators", add=["0912 000 021", "dieu@example.vn"])
    for person in (by_phone, by_email):
        client.force_login(person)
        assert client.get(address("index")).status_code == 200
    with pytest.raises(CommandError):
        call_command("operators", add=["0912 000 099"])
    call_command("operators")
