"""Nothing that an editor types becomes code on a shopper's page."""

import json

import pytest
from wagtail.test.utils.form_data import streamfield

from cms.blocks.prose import clean_html, table_rows
from tests.factories import listing_make
from tests.integration.cms.conftest import home_with, page_make, picks, story_make
from tests.integration.cms.test_officers import page_form

EVIL = '<p>Chữ<script>alert(1)</script><img src=x onerror=alert(2)><a href="javascript:alert(3)">bấm</a></p>'


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ("<p>a<script>alert(1)</script></p>", "<p>a</p>"),
        ('<p onclick="x()">a</p>', "<p>a</p>"),
        ('<a href="javascript:alert(1)">a</a>', "<a>a</a>"),
        ('<a href="https://example.vn" style="x" target="_blank">a</a>', '<a href="https://example.vn">a</a>'),
        ('<a linktype="page" id="3">a</a>', '<a linktype="page" id="3">a</a>'),
        ("<iframe src='//x'></iframe><h2>a</h2>", "<h2>a</h2>"),
        ("<ul><li><b>a</b></li></ul>", "<ul><li><b>a</b></li></ul>"),
    ],
)
def test_allow_list(html, clean):
    assert clean_html(html) == clean


def assert_harmless(page: str) -> None:
    for danger in ("alert(1)", "onerror", "javascript:"):
        assert danger not in page


def test_text_is_cleaned_whoever_stores_it(client, trees):
    story_make(trees, body=[("text", EVIL)])
    page = client.get("/cau-chuyen/hai-sen/").content.decode()
    assert "Chữ" in page
    assert_harmless(page)


def test_text_from_the_editors_form_is_cleaned(desk, trees, client):
    page = page_make(trees)
    block = {"key": "a", "text": "Chữ<script>alert(1)</script>", "type": "unstyled", "depth": 0}
    block |= {"inlineStyleRanges": [], "entityRanges": [{"offset": 0, "length": 3, "key": 0}]}
    link = {"type": "LINK", "mutability": "MUTABLE", "data": {"url": "javascript:alert(1)"}}
    state = json.dumps({"blocks": [block], "entityMap": {"0": link}})
    form = page_form(title="Đổi trả", body=streamfield([("text", state)]))
    assert desk.post(f"/quan-tri/pages/{page.pk}/edit/", form).status_code == 302
    shown = client.get("/doi-tra/").content.decode()
    assert "Chữ" in shown and "<script>alert" not in shown and "javascript:" not in shown


def test_plain_fields_are_escaped(client, trees):
    listing = listing_make(title="<script>alert(1)</script>")
    home_with(trees["vi"], picks(listing.product, reason="<script>alert(1)</script>"))
    page_make(trees, body=[("table", {"rows": "<script>alert(1)</script> | b\nc | d", "caption": "<b>x</b>"})])
    story_make(trees, body=[("quote", {"text": "<script>alert(1)</script>", "who": "<b>x</b>"})])
    for address in ("/", "/doi-tra/", "/cau-chuyen/hai-sen/"):
        page = client.get(address).content.decode()
        assert "&lt;script&gt;alert(1)" in page and "<script>alert(1)" not in page and "<b>x</b>" not in page


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", []),
        ("a | b\n\nc|d", [["a", "b"], ["c", "d"]]),
        ("a\tb\nc", [["a", "b"], ["c", ""]]),
    ],
)
def test_table_rows(text, rows):
    assert table_rows(text) == rows
