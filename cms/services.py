"""Commands on the site's pages: the trees of both languages, the officers' group, the sample texts."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Locale, Page, Site

from cms.context import links_forget
from cms.models import HomePage, StoryIndexPage
from shop.accounts.demo import demo_accounts_ensure
from shop.accounts.models import User

OFFICERS = "Cán bộ tỉnh"
LANGUAGES = ("vi", "en")
#: Slugs of the two home pages. Visitors never see them: a home page answers at ``/`` and ``/en/``.
HOME_SLUGS = {"vi": "trang-chu", "en": "home-en"}
STORIES_TITLE = {"vi": "Câu chuyện", "en": "Stories"}

PAGE_RIGHTS = ("add_page", "change_page", "publish_page")
#: App and codename: what officers may do outside the page trees.
GENERAL_RIGHTS = (
    ("wagtailadmin", "access_admin"),
    ("simple_translation", "submit_translation"),
    ("onboarding", "decide_application"),
    ("listings", "change_listing"),
)
COLLECTION_RIGHTS = (
    ("wagtailimages", "add_image"),
    ("wagtailimages", "choose_image"),
    ("wagtaildocs", "add_document"),
    ("wagtaildocs", "choose_document"),
)


@transaction.atomic
def officers_group_ensure() -> Group:
    """The group of the province's officers, with exactly its rights; safe to call again.

    They write and publish under the home pages and add pictures and files; they reach no users, no settings.
    Rights that somebody gave the group beyond these are taken away: the group's name promises what it may do.
    """
    group, _created = Group.objects.get_or_create(name=OFFICERS)
    group.permissions.set(_permissions(GENERAL_RIGHTS))
    _page_rights_ensure(group)
    root = Collection.get_first_root_node()
    for permission in _permissions(COLLECTION_RIGHTS):
        GroupCollectionPermission.objects.get_or_create(group=group, collection=root, permission=permission)
    return group


def demo_officer_ensure() -> None:
    """The demonstration's officer belongs to the officers' group, unless somebody gave that account other groups."""
    officer = demo_accounts_ensure().get("/quan-tri/")
    if officer and not officer.groups.exists():
        officer.groups.add(officers_group_ensure())


def _page_rights_ensure(group: Group) -> None:
    rights = Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=PAGE_RIGHTS)
    homes = HomePage.objects.all()
    GroupPagePermission.objects.filter(group=group).exclude(page__in=homes, permission__in=rights).delete()
    for home in homes:
        for permission in rights:
            GroupPagePermission.objects.get_or_create(group=group, page=home, permission=permission)


def _permissions(rights: Iterable[tuple[str, str]]) -> list[Permission]:
    return [Permission.objects.get(content_type__app_label=app, codename=codename) for app, codename in rights]


@transaction.atomic
def trees_ensure(*, by: User | None = None, homes: dict[str, dict[str, Any]] | None = None) -> dict[str, HomePage]:
    """A home page and a list of stories in each language, published; gives the home pages by language.

    ``homes`` holds the fields of home pages that do not exist yet. What exists stays as it is.
    """
    locales = {code: Locale.objects.get_or_create(language_code=code)[0] for code in LANGUAGES}
    trees: dict[str, HomePage] = {}
    for code in LANGUAGES:
        fields = (homes or {}).get(code) or {"title": settings.SHOP_NAME}
        twin = trees.get("vi")
        trees[code] = HomePage.objects.filter(locale=locales[code], depth=2).first() or page_create(
            Page.get_first_root_node(), HomePage, locales[code], twin, by=by, slug=HOME_SLUGS[code], **fields
        )
    _site_ensure(trees["vi"])
    _story_lists_ensure(trees, by=by)
    officers_group_ensure()
    return trees


def page_create(parent: Page, kind: type[Page], locale: Locale, twin: Page | None, *, by: User | None, **fields: Any):
    """A published page under ``parent``; ``twin`` is the same page in the other language."""
    if twin is not None:
        fields["translation_key"] = twin.translation_key
    fields.setdefault("show_in_menus", kind.show_in_menus_default)
    page = parent.add_child(instance=kind(locale=locale, live=True, owner=by, **fields))
    page.save_revision(user=by).publish(user=by)
    links_forget()
    return page


def _site_ensure(home: HomePage) -> None:
    """Wagtail's own welcome page gives way to ours; an address somebody typed in stays."""
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        site = Site(is_default_site=True, hostname="localhost")
    if site.root_page_id and site.root_page.specific_class is HomePage:
        return
    address = urlsplit(settings.SITE_URL)
    welcome = site.root_page if site.root_page_id else None
    site.root_page, site.site_name = home, settings.SHOP_NAME
    site.hostname = address.hostname or site.hostname
    site.port = address.port or (443 if address.scheme == "https" else 80)
    site.save()
    if welcome is not None and welcome.specific_class is Page and not welcome.get_children().exists():
        welcome.delete()


def _story_lists_ensure(trees: dict[str, HomePage], *, by: User | None) -> None:
    twin = None
    for code, home in trees.items():
        found = StoryIndexPage.objects.child_of(home).first()
        twin = found or page_create(
            home, StoryIndexPage, home.locale, twin, by=by, slug=StoryIndexPage.SLUG, title=STORIES_TITLE[code]
        )
