"""Every public page, both languages, phone and desktop: no barrier, no overflow, no word left untranslated."""

from functools import lru_cache

import polib
import pytest

from tests.browser.pages import assert_no_overflow, axe
from tests.browser.public_pages import all_pages
from tools.common import ROOT

TEXTS = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = new Set();
  while (walk.nextNode()) {
    const node = walk.currentNode, text = node.textContent.replace(/\\s+/g, " ").trim();
    const near = node.parentElement.closest("[lang]");
    if (text.length > 3 && near === document.documentElement && !node.parentElement.closest("script, code, template"))
      found.add(text);
  }
  for (const name of ["aria-label", "placeholder", "alt", "title"])
    for (const element of document.querySelectorAll("[" + name + "]:not([lang])"))
      found.add(element.getAttribute(name));
  return [...found];
}"""


@lru_cache
def pairs() -> dict[str, str]:
    """English words of ours and their Vietnamese, where the two differ."""
    catalogue = polib.pofile(str(ROOT / "locale" / "vi" / "LC_MESSAGES" / "django.po"))
    return {entry.msgid: entry.msgstr for entry in catalogue if entry.msgstr and entry.msgstr != entry.msgid}


def left_untranslated(page, language: str) -> list[str]:
    """Texts on the page that belong to the other language."""
    wrong = set(pairs()) if language == "vi" else set(pairs().values()) - set(pairs())
    return [text for text in page.evaluate(TEXTS) if text in wrong]


@pytest.mark.parametrize("size", ["mobile", "desktop"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_public_page(live_site, new_page, size, language):
    page = new_page(size)
    prefix = "/en" if language == "en" else ""
    problems = []
    for address in all_pages(live_site):
        answer = page.goto(prefix + address)
        assert answer.status == 200, page.url
        assert page.locator("html").get_attribute("lang") == language
        problems += [f"{page.url}: {text!r}" for text in left_untranslated(page, language)]
        assert_no_overflow(page)
        # Wide and narrow layouts differ, the two languages hardly: barriers are looked for in both sizes once.
        if language == "vi" or size == "mobile":
            axe(page)
    assert problems == []


@pytest.mark.expects("404")
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_page_that_does_not_exist(new_page, language):
    page = new_page()
    answer = page.goto("/en/khong-co/" if language == "en" else "/khong-co/")
    assert answer.status == 404
    assert left_untranslated(page, language) == []
    assert_no_overflow(page)
    axe(page)


def test_text_at_twice_its_size_loses_nothing(live_site, new_page):
    """As a phone with large text does it: the browser's own font size, which rem in media queries follows too."""
    page = new_page()
    session = page.context.new_cdp_session(page)
    session.send("Page.enable")
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    for address in all_pages(live_site):
        page.goto(address)
        assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == 32
        assert_no_overflow(page)
