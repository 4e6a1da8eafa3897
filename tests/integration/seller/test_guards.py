"""The table of roles is enforced in one place, and what it does not know is closed."""

import pytest
from django.http import Http404, HttpResponse
from django.urls import resolve

from shop.seller import roles
from shop.seller.access import gated, members_only, signed_in_only

pytestmark = pytest.mark.django_db
URL = "/ban-hang/them/"


def page(request):
    return HttpResponse("inside")


def ask(rf, view, user, url=URL):
    request = rf.get(url)
    request.user, request.session, request.resolver_match = user, {}, resolve(url)
    return view(request)


def test_a_page_of_the_table_is_open_to_its_roles(rf, cooperative, member):
    assert ask(rf, gated(members_only(page)), member(cooperative, "packer")).content == b"inside"


def test_a_page_that_the_table_does_not_know_is_closed_to_owners_too(rf, cooperative, member, monkeypatch):
    monkeypatch.delitem(roles.ROLES, "more")
    answer = ask(rf, gated(members_only(page)), member(cooperative, "owner"))
    assert answer.status_code == 403
    assert b"inside" not in answer.content


def test_a_view_without_a_guard_is_closed(rf, cooperative, member):
    assert ask(rf, gated(page), member(cooperative, "owner")).status_code == 403


def test_pages_for_roles_are_not_for_strangers_by_the_wrong_guard(rf, django_user_model):
    with pytest.raises(Http404):
        ask(rf, gated(signed_in_only(page)), django_user_model.objects.create_user(phone="+84912000009"))


def test_pages_for_everybody_with_an_account(rf, django_user_model, monkeypatch):
    monkeypatch.setitem(roles.ROLES, "more", roles.SIGNED_IN)
    person = django_user_model.objects.create_user(phone="+84912000009")
    assert ask(rf, gated(signed_in_only(page)), person).content == b"inside"
    assert roles.may_open("packer", "more")


def test_the_role_in_the_rows_cooperative_counts(client, cooperative, neighbour, member, order_of, monkeypatch):
    """Packer here, owner there: the page of an order asks for the role where the order is."""
    monkeypatch.setitem(roles.ROLES, "order", roles.OWNER)
    person = member(cooperative, "packer")
    neighbour.memberships.create(user=person, role="owner")
    client.force_login(person)
    here, there = order_of(cooperative), order_of(neighbour)
    client.get("/ban-hang/", {"htx": neighbour.slug})
    answer = client.get(f"/ban-hang/don/{here.order.number}/")
    assert answer.status_code == 403
    assert answer.context["cooperative"] == cooperative
    client.get("/ban-hang/", {"htx": cooperative.slug})
    assert client.get(f"/ban-hang/don/{there.order.number}/").status_code == 200


def test_the_refusal_names_those_whose_task_it_is(client, cooperative, member, order_of):
    consignment = order_of(cooperative, provider="cod")
    client.force_login(member(cooperative, "packer"))
    answer = client.post(f"/en/ban-hang/don/{consignment.order.number}/giao-xong/", {"carrier": "GHN"})
    assert answer.status_code == 403
    assert "This is a task for: owner, seller or accountant." in answer.content.decode()
    consignment.refresh_from_db()
    assert consignment.state == "new"
