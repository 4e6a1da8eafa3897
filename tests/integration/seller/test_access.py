"""Who gets in, and that nobody sees or changes a neighbour's order."""

import pytest
from django.test import Client

from shop.accounts.models import User
from shop.payment.services import attempts_of

pytestmark = pytest.mark.django_db

STEPS = ("", "da-nhan-tien/", "nhan/", "tu-choi/")
METHODS = ("get", "head", "options", "post", "put", "patch", "delete")


def snapshot(consignment):
    """Everything that a step could change."""
    consignment.refresh_from_db()
    consignment.order.refresh_from_db()
    return (
        consignment.state,
        consignment.reason,
        consignment.order.status,
        list(consignment.events.values_list("kind", "by")),
        list(attempts_of(consignment.order).values_list("state", "source__amount_debited")),
        list(consignment.order.lines.values_list("stockrecord__num_allocated", flat=True)),
    )


def test_strangers_sign_in_first(client, cooperative, order_of):
    number = order_of(cooperative).order.number
    for url in ("/ban-hang/", f"/ban-hang/don/{number}/", f"/en/ban-hang/don/{number}/"):
        answer = client.get(url)
        assert answer.status_code == 302
        assert answer["Location"].endswith(f"?next={url}")
    for step in STEPS[1:]:
        answer = client.post(f"/ban-hang/don/{number}/{step}", {"reason": "x"})
        assert answer.status_code == 302


def test_shoppers_get_a_friendly_page(client, cooperative, order_of):
    consignment = order_of(cooperative)
    client.force_login(User.objects.create_user(phone="+84912000001"))
    before = snapshot(consignment)
    for url in ("/ban-hang/", "/en/ban-hang/", f"/ban-hang/don/{consignment.order.number}/"):
        answer = client.get(url)
        assert answer.status_code == 403
        assert "seller/outside.html" in [template.name for template in answer.templates]
    for step in STEPS[1:]:
        data = {"reason": "x", "attempt": attempts_of(consignment.order).get().pk}
        assert client.post(f"/ban-hang/don/{consignment.order.number}/{step}", data).status_code == 403
    assert snapshot(consignment) == before


@pytest.mark.parametrize("provider", ["vietqr", "cod"])
@pytest.mark.parametrize("role", ["owner", "seller", "packer", "accountant"])
def test_a_neighbours_order_does_not_exist(client, cooperative, neighbour, member, order_of, role, provider):
    theirs = order_of(neighbour, provider=provider)
    client.force_login(member(cooperative, role))
    before = snapshot(theirs)
    data = {"reason": "x", "attempt": attempts_of(theirs.order).get().pk}
    for prefix in ("", "/en"):
        for step in STEPS:
            for method in METHODS:
                url = f"{prefix}/ban-hang/don/{theirs.order.number}/{step}?htx={neighbour.slug}"
                assert getattr(client, method)(url, data).status_code in {404, 405}, (method, url)
    assert snapshot(theirs) == before
    page = client.get("/ban-hang/", {"htx": neighbour.slug}).content.decode()
    assert theirs.order.number not in page.replace("-", "")
    assert neighbour.name not in page


@pytest.mark.parametrize("role", ["owner", "seller", "accountant"])
def test_roles_that_confirm_money(client, cooperative, member, order_of, role):
    consignment = order_of(cooperative)
    client.force_login(member(cooperative, role))
    url = f"/ban-hang/don/{consignment.order.number}/"
    assert f"{url}da-nhan-tien/" in client.get(url).content.decode()
    attempt = attempts_of(consignment.order).get()
    assert client.post(f"{url}da-nhan-tien/", {"attempt": attempt.pk}).status_code == 303


def test_packers_do_not_confirm_money(client, cooperative, member, order_of):
    consignment = order_of(cooperative)
    client.force_login(member(cooperative, "packer"))
    url = f"/ban-hang/don/{consignment.order.number}/"
    before = snapshot(consignment)
    assert "da-nhan-tien" not in client.get(url).content.decode()
    answer = client.post(f"{url}da-nhan-tien/", {"attempt": attempts_of(consignment.order).get().pk})
    assert answer.status_code == 403
    assert url in answer.content.decode()
    assert snapshot(consignment) == before


def test_packers_take_orders(client, cooperative, member, order_of):
    consignment = order_of(cooperative, provider="cod")
    client.force_login(member(cooperative, "packer"))
    assert client.post(f"/ban-hang/don/{consignment.order.number}/da-goi/").status_code == 303


def test_a_person_in_two_cooperatives_switches(client, cooperative, neighbour, member, order_of):
    person = member(cooperative, "owner")
    neighbour.memberships.create(user=person, role="packer")
    ours, theirs = order_of(cooperative), order_of(neighbour)
    client.force_login(person)

    def listed():
        return [panel.consignment for panel in client.get("/ban-hang/").context["panels"]]

    assert listed() == [ours]
    client.get("/ban-hang/", {"htx": neighbour.slug})
    assert listed() == [theirs]
    # An order's link leads into its own cooperative, with the role that the person has there.
    assert client.get(f"/ban-hang/don/{ours.order.number}/").context["cooperative"] == cooperative
    assert listed() == [ours]
    attempt = attempts_of(theirs.order).get()
    assert client.post(f"/ban-hang/don/{theirs.order.number}/da-nhan-tien/", {"attempt": attempt.pk}).status_code == 403


def test_leaving_a_cooperative_ends_access_at_once(client, cooperative, member, order_of):
    consignment = order_of(cooperative)
    person = member(cooperative, "owner")
    client.force_login(person)
    assert client.get("/ban-hang/").status_code == 200
    person.memberships.all().delete()
    assert client.get("/ban-hang/").status_code == 403
    assert client.post(f"/ban-hang/don/{consignment.order.number}/nhan/").status_code == 403


def test_posts_need_the_token(cooperative, member, order_of):
    consignment = order_of(cooperative, provider="cod")
    client = Client(enforce_csrf_checks=True)
    client.force_login(member(cooperative, "owner"))
    assert client.post(f"/ban-hang/don/{consignment.order.number}/nhan/").status_code == 403
    consignment.refresh_from_db()
    assert consignment.state == "new"
