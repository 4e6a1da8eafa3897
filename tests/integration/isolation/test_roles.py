"""Every page of the workspace for every kind of person: open to exactly those whom the table names."""

import pytest
from django.contrib.auth.models import Permission

from shop.accounts.models import User
from shop.cooperatives.models import Membership
from shop.seller.roles import ANYBODY, OPERATORS, ROLES
from tests.integration.isolation.conftest import client_of, seller_pages, undone

pytestmark = pytest.mark.django_db

OPERATOR_RIGHTS = ("change_bankline", "change_bankaccount")
REFUSALS = {"seller/outside.html", "seller/not_your_task.html", "seller/money/closed.html"}


def test_the_table_knows_every_page_and_no_others():
    assert {page.name for page in seller_pages()} == set(ROLES)


def test_every_view_has_a_guard():
    from django.urls import get_resolver

    def views(entries):
        for entry in entries:
            yield from views(entry.url_patterns) if hasattr(entry, "url_patterns") else [entry]

    seller = get_resolver("shop.seller.urls").url_patterns
    assert [view.name for view in views(seller) if not getattr(view.callback, "is_guarded", False)] == []
    assert [view.name for view in views(seller) if not getattr(view.callback, "is_gated", False)] == []


@pytest.fixture
def people(world):
    """Kind -> person; roles are of A."""
    found = {"anonymous": None}
    for place, kind in enumerate((*Membership.Role.values, "operator", "officer", "outsider")):
        found[kind] = User.objects.create_user(phone=f"+8496000000{place}", phone_verified=True)
        if kind in Membership.Role.values:
            Membership.objects.create(cooperative=world.a.cooperative, user=found[kind], role=kind)
    found["operator"].user_permissions.set(Permission.objects.filter(codename__in=OPERATOR_RIGHTS))
    found["officer"].user_permissions.set(Permission.objects.filter(codename="access_admin"))
    return found


def test_the_matrix(world, people):
    wrong = []
    for kind, person in people.items():
        client = client_of(person)
        if kind == "operator":
            client.get("/ban-hang/", {"htx": world.a.cooperative.slug})
        for page in seller_pages():
            with undone():
                opened = is_open(client, page.name, world.url(page, world.a))
            if opened != may(kind, page.name):
                wrong.append(f"{page.name}: {'open' if opened else 'closed'} for {kind}")
    assert wrong == []


def may(kind: str, page: str) -> bool:
    """What the table says."""
    roles = ROLES[page]
    if kind == "operator":
        return roles is OPERATORS or Membership.Role.OWNER in roles
    return kind in roles or (kind != "anonymous" and ANYBODY in roles)


def is_open(client, page: str, url: str) -> bool:
    """Whether the person got in: with GET, or with POST where that is all that the page takes."""
    answer = client.get(url)
    if answer.status_code == 405:
        answer = client.post(url)
    if answer.status_code == 302 and "/dang-nhap/" in answer["Location"]:
        return False
    if ANYBODY in ROLES[page]:  # there 403 and 404 are about the id
        return REFUSALS.isdisjoint(template.name for template in answer.templates)
    return answer.status_code not in {403, 404}
