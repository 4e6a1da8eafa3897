"""Menu and footer for the shop's templates: the shop names this function in its settings and never imports it."""

from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext
from wagtail.models import Page

from cms import links

#: Other processes learn of a change after this many seconds.
CACHE_SECONDS = 60
STORIES = "cau-chuyen"
#: Column of the footer by slug; pages that are not named here stand in the last one.
COLUMNS = {"mua-the-nao": "buy", "tra-tien": "buy", "giao-hang": "buy", "doi-tra": "buy", "ban-tren-cho": "sell"}


def site_links(request: HttpRequest) -> dict[str, Any]:
    """``site_menu`` and ``site_footer``: lists of ``{title, url, slug, column}``;
    at most one query a minute and language."""
    language = get_language() or "vi"
    try:
        pages = _pages(language)
        return {"site_menu": _menu(pages), "site_footer": [_entry(*page) for page in pages if page[0] != STORIES]}
    except NoReverseMatch:
        # Address tables without the public site, as in some tests: the shop's defaults stand.
        return {}


def links_forget() -> None:
    """To be called when a page was published, withdrawn, moved or deleted."""
    cache.delete_many([_key("vi"), _key("en")])


def _key(language: str) -> str:
    return f"cms:links:{language}"


def _pages(language: str) -> list[tuple[str, str]]:
    """Slug and title of the pages right under the home page that are shown in menus, in their order."""
    pages = cache.get(_key(language))
    if pages is None:
        rows = Page.objects.live().in_menu().filter(depth=3, locale__language_code=language).order_by("path")
        pages = list(rows.values_list("slug", "title"))
        cache.set(_key(language), pages, CACHE_SECONDS)
    return pages


def _entry(slug: str, title: str) -> dict[str, str]:
    url = reverse("wagtail_serve", args=[f"{slug}/"])
    return {"title": title, "url": url, "slug": slug, "column": COLUMNS.get(slug, "open")}


def _menu(pages: list[tuple[str, str]]) -> list[dict[str, str]]:
    stories = [_entry(STORIES, gettext("Stories"))] if any(slug == STORIES for slug, _title in pages) else []
    return [
        {"title": gettext("All goods"), "url": reverse("catalogue:index")},
        {"title": gettext("In season"), "url": links.season_url()},
        {"title": gettext("Cooperatives"), "url": reverse("cooperatives:index")},
        *stories,
        {"title": gettext("Find an order"), "url": reverse("order:lookup")},
    ]
