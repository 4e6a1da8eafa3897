"""A site with both page trees, an officer, and short ways to make pages."""

from datetime import date, timedelta
from typing import Any

import pytest

from cms.models import HomePage, StandardPage, StoryIndexPage, StoryPage
from cms.services import officers_group_ensure, page_create, trees_ensure
from shop.accounts.models import User
from shop.core.dates import today


@pytest.fixture
def trees(db) -> dict[str, HomePage]:
    """Home pages by language, with their story lists, as on a new site."""
    return trees_ensure()


@pytest.fixture
def officer(trees) -> User:
    user = User.objects.create_user(email="can-bo@example.vn", password="mot-mat-khau-dai")
    user.groups.add(officers_group_ensure())
    return user


@pytest.fixture
def desk(client, officer):
    """A browser in which the officer has signed in."""
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    return client


def home_with(home: HomePage, *sections: tuple[str, Any]) -> HomePage:
    """The home page with these sections, published."""
    home.body = list(sections)
    home.save_revision().publish()
    return HomePage.objects.get(pk=home.pk)


def hero(**extra: Any) -> tuple[str, dict[str, Any]]:
    words = {"title": "Ngon từ vườn", "text": "Hái sáng, giao chiều.", "alt": "Ghe trên sông", "button_text": "Xem"}
    return "hero", {"scene": "hero-river-dawn", "button_goes": "season", "picture": None} | words | extra


def picks(*products: Any, until: date | None = None, reason: str = "Mới lên chợ.") -> tuple[str, dict[str, Any]]:
    until = until or today() + timedelta(days=7)
    return "picks", {"picks": [{"product": one.pk, "reason": reason, "until": until} for one in products]}


def season(count: int = 8) -> tuple[str, dict[str, Any]]:
    return "season", {"title": "", "text": "", "count": count}


def story_make(trees: dict[str, HomePage], *, language: str = "vi", twin: Any = None, **fields: Any) -> StoryPage:
    parent = StoryIndexPage.objects.child_of(trees[language]).get()
    fields = {
        "title": "Người hái sen",
        "slug": "hai-sen",
        "intro": "Đi bằng xuồng.",
        "scene": "lotus-thap-muoi",
    } | fields
    return page_create(parent, StoryPage, parent.locale, twin, by=None, **fields)


def page_make(trees: dict[str, HomePage], *, language: str = "vi", twin: Any = None, **fields: Any) -> StandardPage:
    home = trees[language]
    return page_create(
        home, StandardPage, home.locale, twin, by=None, **({"title": "Đổi trả", "slug": "doi-tra"} | fields)
    )
