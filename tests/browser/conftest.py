"""Fixtures for tests in a real Chromium. No test here uses Django's ORM: the shop runs in processes of its own.

live_site     one running sample shop for the whole run: ``url``, ``query(sql)``, ``manage(command)``, ``log``
own_site      a shop of its own for a test that needs untouched stock (starts in a few seconds)
new_page      factory: ``new_page(size="mobile"|"desktop", javascript=True, site=live_site)``, a fresh visitor each time
page          ``new_page()``: a phone, 360 x 740
desktop_page  1280 x 900
plain_page    a phone without JavaScript
watch         what the browser complained about; ``watch.expect(regex)`` for trouble made on purpose

A test fails when the browser logged an error, a script broke, another host was asked or the server answered >= 500.
"""

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.pages import LAUNCH, Watch, open_context
from tests.browser.site import Site
from tools.system import find_chromium


@pytest.fixture(autouse=True)
def clean_slate():
    """The shop has its own process, cache and uploads: there is nothing to clean in this one."""


@pytest.fixture(scope="session")
def live_site():
    """One shop for all tests that can share one."""
    site = Site("shared")
    site.start()
    yield site
    site.stop()


@pytest.fixture
def own_site():
    """A shop as fresh as after load_demo."""
    site = Site("own")
    site.start()
    yield site
    site.stop()


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium, driven by Playwright."""
    path = find_chromium()
    if not path:
        pytest.fail("No Chromium: set CHROMIUM to its path, or let make test install it.")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=LAUNCH)
        yield chromium
        chromium.close()


@pytest.fixture
def watch(live_site, request):
    """The trouble of all pages of this test; marks ``expects("regex")`` name what is provoked on purpose."""
    watch = Watch(live_site.url.removeprefix("http://"))
    for mark in request.node.iter_markers("expects"):
        watch.expect(mark.args[0])
    return watch


@pytest.fixture
def new_page(browser, live_site, watch):
    """See the module's docstring. Closes everything at the end, then judges what was noted."""
    contexts, watches = [], [watch]

    def make(size: str = "mobile", *, javascript: bool = True, site: Site | None = None):
        own = watch
        if site is not None and site is not live_site:
            own = Watch(site.url.removeprefix("http://"))
            own.expected = watch.expected
            watches.append(own)
        context = open_context(browser, own, size=size, javascript=javascript, url=(site or live_site).url)
        contexts.append(context)
        page = context.new_page()
        page.scripts = javascript
        return page

    yield make
    for context in contexts:
        context.close()
    troubles = [text for one in watches for text in one.unexpected()]
    assert troubles == [], "\n".join(troubles)


@pytest.fixture
def page(new_page):
    """A phone."""
    return new_page("mobile")


@pytest.fixture
def desktop_page(new_page):
    """A computer."""
    return new_page("desktop")


@pytest.fixture
def plain_page(new_page):
    """A phone without JavaScript."""
    return new_page("mobile", javascript=False)
