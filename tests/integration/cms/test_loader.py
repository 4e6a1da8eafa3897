"""The sample pages: complete, in pairs, loaded once, never over somebody's work."""

import json

import pytest
from django.core.management import call_command
from wagtail.models import Page, Site

from cms.demo_pages import DEMO, demo_pages_load
from cms.models import HomePage, StandardPage, StoryPage
from cms.reader import blocks_read
from cms.services import trees_ensure
from tests.factories import listing_make


@pytest.fixture
def folder(tmp_path):
    """A small set of texts."""
    (tmp_path / "stories").mkdir()
    (tmp_path / "pages").mkdir()
    entry = {"slug": "hai-sen", "scene": "lotus-thap-muoi", "date": "2026-11-12"}
    entry |= {"title_vi": "Hái sen", "title_en": "Lotus", "intro_vi": "Đi bằng xuồng.", "intro_en": "By boat."}
    (tmp_path / "stories" / "index.json").write_text(json.dumps([entry]), encoding="utf-8")
    (tmp_path / "stories" / "hai-sen.vi.html").write_text(
        "<p>Sáng.</p>\n<!-- products: Hạt sen | Không có -->\n<h2>Chiều</h2><p>Về.</p>", encoding="utf-8"
    )
    (tmp_path / "stories" / "hai-sen.en.html").write_text("<p>Morning.</p>", encoding="utf-8")
    return tmp_path


def test_whole_sample_is_loaded_in_pairs(client, db):
    demo_pages_load()
    stories = json.loads((DEMO / "stories" / "index.json").read_text(encoding="utf-8"))
    pages = json.loads((DEMO / "pages" / "index.json").read_text(encoding="utf-8"))
    assert StoryPage.objects.live().count() == 2 * len(stories)
    assert StandardPage.objects.live().count() == 2 * len(pages)
    assert StoryPage.objects.values("translation_key").distinct().count() == len(stories)
    for page in Page.objects.live().filter(depth__gt=1):
        assert client.get(page.url).status_code == 200, page.url


def test_second_run_creates_nothing(db, folder):
    assert demo_pages_load(folder=folder).pages > 0
    before = list(Page.objects.order_by("pk").values_list("pk", "latest_revision_id"))
    assert demo_pages_load(folder=folder).pages == 0
    assert list(Page.objects.order_by("pk").values_list("pk", "latest_revision_id")) == before


def test_edited_page_is_left_alone(db, folder):
    demo_pages_load(folder=folder)
    story = StoryPage.objects.get(locale__language_code="vi")
    story.title = "Tựa của cán bộ"
    story.save_revision().publish()
    demo_pages_load(folder=folder)
    assert StoryPage.objects.get(pk=story.pk).title == "Tựa của cán bộ"


def test_absent_page_is_created_again(db, folder):
    demo_pages_load(folder=folder)
    StoryPage.objects.get(locale__language_code="en").delete()
    assert demo_pages_load(folder=folder).pages == 1
    vi, en = StoryPage.objects.order_by("locale__language_code").reverse()
    assert vi.translation_key == en.translation_key


def test_missing_files_are_passed_over(db, tmp_path):
    demo_pages_load(folder=tmp_path)
    assert HomePage.objects.count() == 2


def test_products_of_a_story_are_found_by_title(db, folder):
    listing = listing_make(title="Hạt sen")
    demo_pages_load(folder=folder)
    body = StoryPage.objects.get(locale__language_code="vi").body
    assert [block.block_type for block in body] == ["text", "products", "text"]
    assert list(body[1].value["products"]) == [listing.product_id]


def test_welcome_page_gives_way(db):
    trees = trees_ensure()
    assert Site.objects.get().root_page_id == trees["vi"].pk
    assert set(Page.objects.filter(depth=2).values_list("slug", flat=True)) == {"trang-chu", "home-en"}


def test_address_of_a_site_in_use_stays(db):
    trees_ensure()
    Site.objects.update(hostname="cho.example.vn", port=443)
    trees_ensure()
    assert Site.objects.get().hostname == "cho.example.vn"


def test_command(db, capsys):
    call_command("load_demo_pages", "--trees-only")
    assert HomePage.objects.count() == 2 and not StoryPage.objects.exists()
    call_command("load_demo_pages")
    assert StoryPage.objects.exists()


def test_markers_quotes_and_tables():
    html = (
        "<p>Một</p><!-- quote: Tôi bán buổi sáng. | Cô Ba --><blockquote>Lời <b>khác</b></blockquote>"
        "<!-- picture: mango-orchard | Vườn xoài --><table><thead><tr><th>A</th><th>B | C</th></tr></thead></table>"
        "<!-- products: Không có -->"
    )
    assert blocks_read(html, lambda title: None) == [
        ("text", "<p>Một</p>"),
        ("quote", {"text": "Tôi bán buổi sáng.", "who": "Cô Ba"}),
        ("quote", {"text": "Lời khác", "who": ""}),
        ("picture", {"scene": "mango-orchard", "alt": "Vườn xoài", "caption": "", "picture": None}),
        ("table", {"rows": "A | B / C", "caption": ""}),
    ]
