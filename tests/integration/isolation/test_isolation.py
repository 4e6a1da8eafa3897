"""Whatever A's owner asks for, by whatever method: nothing of B's is shown, nothing of B's changes."""

from pathlib import Path

import pytest

from shop.cooperatives.models import Membership
from shop.seller import access
from tests.integration.isolation.addresses import pages
from tests.integration.isolation.books import differences
from tests.integration.isolation.conftest import leaks, seller_pages, shop_pages, visit, visit_and_undo
from tests.integration.isolation.ids import id_for, is_back_office

pytestmark = pytest.mark.django_db

#: Whose kwargs name nothing of anybody's: codes of services, steps, months.
NOBODYS = {"code", "word", "step", "year", "month"}
#: An address that says who may come: somebody else reads that it is not for them.
FOR_THE_INVITED = {"invitation"}


def test_the_workspace_with_the_neighbours_ids(world, visitor):
    """Rows of B do not exist for A. One look at the books for all pages: what changed says which test to read next."""
    before, wrong = world.books.snapshot(), []
    for page in seller_pages():
        if not set(page.kwargs) - NOBODYS:
            continue
        url = world.url(page, world.b) + f"?htx={world.b.cooperative.slug}"
        shown, statuses = visit(world, visitor, page, url, world.hostile)
        wrong += shown
        if statuses - {404, 405} and page.name not in FOR_THE_INVITED:
            wrong.append(f"{page.label}: {statuses} for the neighbour's id")
    assert wrong == []
    assert differences(before, world.books.snapshot()) == []


def test_a_part_of_the_neighbours_within_ones_own(world, visitor):
    """``…/<own>/…/<neighbour's>/``: own in front opens no door further back."""
    before, wrong = world.books.snapshot(), []
    for page in seller_pages():
        first, *rest = page.kwargs or ("",)
        if not set(rest) - NOBODYS:
            continue
        url = page.url(lambda *names, first=first: id_for(world.a if names[2] == first else world.b, *names))
        shown, statuses = visit(world, visitor, page, url, world.hostile)
        wrong += shown
        if statuses - {303, 404, 405}:  # 303: what is to be removed is not there, so nothing is left to do
            wrong.append(f"{page.label}: {statuses} for the neighbour's part")
    assert wrong == []
    assert differences(before, world.books.snapshot()) == []


def test_the_workspace_with_own_ids_and_the_neighbours_in_the_form(world, visitor):
    before, wrong = world.books.snapshot(), []
    for page in seller_pages():
        wrong += visit_and_undo(world, visitor, page, world.url(page, world.a), before)
    assert wrong == []


def test_the_rest_of_the_site(world, visitor):
    before, wrong = world.books.snapshot(), []
    for page in shop_pages():
        wrong += visit_and_undo(world, visitor, page, world.url(page, world.b), before)
        visitor.force_login(world.a.owner)
    assert wrong == []


def test_back_offices_are_not_for_cooperatives(world, visitor):
    before, wrong = world.books.snapshot(), []
    for page in pages():
        if not is_back_office(page.namespace, page.name):
            continue
        url = world.url(page, world.b)
        for method in ("get", "post"):
            answer = getattr(visitor, method)(url)
            if answer.status_code < 300 and not is_harmless(page.name):
                wrong.append(f"{page.label} {method}: open")
            wrong += [f"{page.label} {method}: shows {marker!r}" for marker in leaks(world.b, answer)]
    assert wrong == []
    assert world.books.snapshot() == before


def is_harmless(name: str) -> bool:
    """Pages that are open to everybody by design: words and pictures for scripts, a sign-in, a forgotten password."""
    open_pages = {"wagtailadmin_javascript_catalog", "wagtailadmin_sprite", "wagtailadmin_login", "wagtailcore_login"}
    return name in open_pages or name.startswith("wagtailadmin_password_reset")


def test_private_files_are_nobodys(world, visitor, settings):
    names = ("evidence/b.pdf", "identity/b.jpg", "private/b.txt", "statements/b.csv", "b.txt")
    for name in names:
        file = Path(settings.MEDIA_ROOT) / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(world.b.buyer)
    for name in names:
        for path in (name, f"images/../{name}", f"images/%2e%2e/{name}", f"./{name}"):
            answer = visitor.get(f"/media/{path}")
            assert answer.status_code == 404, path


# -- The test itself ---------------------------------------------------------------------------------------------


def test_a_hole_in_the_guard_is_found(world, visitor, monkeypatch):
    """With the question "whose row is it?" left out, the pages show and change B's rows: then this test says so."""
    owner = Membership.objects.get(cooperative=world.b.cooperative, role="owner")
    monkeypatch.setattr(
        access.Workspace, "within", lambda here, pk: access.Workspace(owner, here.memberships, here.page)
    )
    before, found = world.books.snapshot(), []
    for page in seller_pages():
        if page.name in {"order", "line-ignore"}:
            found += visit_and_undo(world, visitor, page, world.url(page, world.b), before)
    assert any("seller:order get: shows" in line for line in found)
    assert any("seller:line-ignore: changed vietqr.BankLine" in line for line in found)


def test_an_unknown_id_stops_the_test(world):
    with pytest.raises(AssertionError, match="say what id 'shoe_size' takes"):
        id_for(world.b, "seller", "order", "shoe_size")
