"""The sample texts under ``cms/demo`` as published pages in both languages."""

import json
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from wagtail.models import Page

from cms import links
from cms.models import HomePage, StandardPage, StoryIndexPage, StoryPage
from cms.reader import blocks_read
from cms.services import LANGUAGES, page_create, trees_ensure
from shop.accounts.models import User
from shop.catalogue.models import Product
from shop.cooperatives.models import Cooperative
from shop.core.dates import today

DEMO = Path(__file__).parent / "demo"


@dataclass
class Loaded:
    """How many pages were created; those that existed were left alone."""

    pages: int = 0


class Goods:
    """Products and cooperatives by their exact Vietnamese names, read when first needed."""

    @cached_property
    def products(self) -> dict[str, int]:
        return dict(Product.objects.exclude(structure=Product.CHILD).values_list("title", "pk"))

    @cached_property
    def cooperatives(self) -> dict[str, int]:
        return dict(Cooperative.objects.values_list("name", "pk"))

    def product(self, title: str) -> int | None:
        return self.products.get(title)


@transaction.atomic
def demo_pages_load(*, by: User | None = None, folder: Path = DEMO) -> Loaded:
    """Create what is absent out of the text files; never touches a page that exists. Missing files are passed over."""
    goods, loaded = Goods(), Loaded()
    existed = HomePage.objects.count()
    homes = None if existed == len(LANGUAGES) else _home_fields(_read(folder / "home.json") or {}, goods)
    trees = trees_ensure(by=by, homes=homes)
    loaded.pages += HomePage.objects.count() - existed
    lists = {code: StoryIndexPage.objects.child_of(home).get() for code, home in trees.items()}
    for entry in _read(folder / "stories" / "index.json") or []:
        fields = {code: _story_fields(entry, code, goods) for code in LANGUAGES}
        loaded.pages += _pair(lists, StoryPage, entry["slug"], fields, folder / "stories", goods, by)
    for entry in _read(folder / "pages" / "index.json") or []:
        fields = {code: _texts(entry, code) for code in LANGUAGES}
        loaded.pages += _pair(trees, StandardPage, entry["slug"], fields, folder / "pages", goods, by)
    return loaded


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def _pair(
    parents: dict[str, Page],
    kind: type[Page],
    slug: str,
    fields: dict[str, dict[str, Any]],
    folder: Path,
    goods: Goods,
    by: User | None,
) -> int:
    """One page in both languages; gives how many were created."""
    twin, created = None, 0
    for code, parent in parents.items():
        found = Page.objects.child_of(parent).filter(slug=slug).first()
        text = folder / f"{slug}.{code}.html"
        if found is None and text.is_file():
            body = blocks_read(text.read_text(encoding="utf-8"), goods.product)
            found = page_create(parent, kind, parent.locale, twin, by=by, slug=slug, body=body, **fields[code])
            created += 1
        twin = twin or found
    return created


def _texts(entry: dict[str, Any], code: str) -> dict[str, Any]:
    return {"title": entry[f"title_{code}"], "intro": entry.get(f"intro_{code}", "")}


def _story_fields(entry: dict[str, Any], code: str, goods: Goods) -> dict[str, Any]:
    return _texts(entry, code) | {
        "scene": entry.get("scene", ""),
        "alt": entry.get(f"scene_alt_{code}", ""),
        "place": entry.get(f"place_{code}", ""),
        "byline": entry.get(f"byline_{code}", ""),
        "date": date.fromisoformat(entry["date"]) if entry.get("date") else today(),
        "cooperative_id": goods.cooperatives.get(entry.get("cooperative", "")),
    }


def _home_fields(texts: dict[str, Any], goods: Goods) -> dict[str, dict[str, Any]]:
    return {code: _home(texts[code], goods) for code in LANGUAGES if code in texts}


def _home(text: dict[str, Any], goods: Goods) -> dict[str, Any]:
    """Fields of a home page out of the words of one language."""
    titles = text.get("titles", {})
    sections = [
        ("hero", _hero(text)),
        ("season", {"title": titles.get("in_season", ""), "text": titles.get("in_season_text", ""), "count": 8}),
        ("calendar", {"title": "", "text": ""}),
        ("picks", _picks(text, titles, goods)),
        ("stories", {"title": titles.get("stories", ""), "stories": []}),
        ("sectors", {"title": titles.get("sectors", ""), "text": ""}),
        ("steps", {"title": titles.get("how_to_buy", ""), "text": "", "steps": text.get("steps", [])}),
        ("promises", {"title": titles.get("promises", ""), "text": "", "promises": text.get("promises", [])}),
        ("figures", {"title": titles.get("figures", "")}),
    ]
    needed = {"picks": "picks", "steps": "steps", "promises": "promises"}
    body = [(kind, value) for kind, value in sections if kind not in needed or value[needed[kind]]]
    return {"title": settings.SHOP_NAME, "body": body}


def _hero(text: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": text["hero_title"],
        "text": text["hero_text"],
        "scene": text["hero_scene"],
        "alt": text["hero_alt"],
        "picture": None,
        "button_text": text["hero_button"],
        "button_goes": links.SEASON,
        "button_product": None,
    }


def _picks(text: dict[str, Any], titles: dict[str, str], goods: Goods) -> dict[str, Any]:
    picks = [
        {"product": key, "reason": pick["reason"], "until": date.fromisoformat(pick["until"])}
        for pick in text.get("featured", [])
        if (key := goods.product(pick["product"]))
    ]
    return {"title": titles.get("featured", ""), "text": titles.get("featured_text", ""), "picks": picks}
