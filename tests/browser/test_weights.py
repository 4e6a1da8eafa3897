"""What a first visit costs on a phone, over the wire; figures are printed, limits are those of the design."""

import gzip

import pytest

from tests.browser.public_pages import product_pages
from tools.common import ROOT

KB = 1024
LIMITS = {"page": 170 * KB, "catalogue": 250 * KB, "html": 15 * KB, "css": 14 * KB, "js": 8 * KB}
LAZY = "() => [...document.querySelectorAll('img[loading=lazy]')].map((image) => image.currentSrc || image.src)"


class Wire:
    """Bytes of every answer as they came over the wire."""

    def __init__(self, page):
        self.urls: dict[str, str] = {}
        self.kinds: dict[str, str] = {}
        self.bytes: dict[str, int] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.responseReceived", self.received)
        session.on("Network.loadingFinished", self.finished)

    def received(self, event) -> None:
        self.urls[event["requestId"]] = event["response"]["url"]
        self.kinds[event["requestId"]] = event["type"]

    def finished(self, event) -> None:
        self.bytes[event["requestId"]] = int(event["encodedDataLength"])

    def total(self, without: set[str]) -> int:
        return sum(size for key, size in self.bytes.items() if self.urls.get(key) not in without)

    def of(self, kind: str) -> int:
        return sum(size for key, size in self.bytes.items() if self.kinds.get(key) == kind)


def addresses(site) -> dict[str, str]:
    product = product_pages(site)["in stock"]
    cooperative = site.query("SELECT slug FROM cooperatives_cooperative ORDER BY id LIMIT 1")[0][0]
    return {
        "home": "/",
        "home in English": "/en/",
        "catalogue": "/san-pham/",
        "search": "/tim-kiem/?q=khom",
        "sector": "/danh-muc/thuc-pham/",
        "product": product,
        "cooperatives": "/hop-tac-xa/",
        "cooperative": f"/hop-tac-xa/{cooperative}/",
        "stories": "/cau-chuyen/",
        "basket, empty": "/gio-hang/",
        "look-up": "/tra-cuu/",
        "sign-in": "/tai-khoan/dang-nhap/",
    }


def test_first_visits_stay_light(live_site, new_page):
    heavy = []
    for name, address in addresses(live_site).items():
        page = new_page("mobile")
        wire = Wire(page)
        page.goto(address, wait_until="networkidle")
        lazy = set(page.evaluate(LAZY))
        total = wire.total(without=lazy)
        parts = {"html": wire.of("Document"), "css": wire.of("Stylesheet"), "js": wire.of("Script")}
        print(f"{name:18} {total / KB:6.1f} KB  " + "  ".join(f"{k} {v / KB:.1f}" for k, v in parts.items()))
        limit = LIMITS["catalogue" if name in {"catalogue", "search", "sector"} else "page"]
        if total > limit:
            heavy.append(f"{name}: {total / KB:.1f} KB")
        heavy += [f"{name} {part}: {size / KB:.1f} KB" for part, size in parts.items() if size > LIMITS[part]]
        page.context.close()
    assert heavy == []


@pytest.mark.parametrize(("path", "limit"), [("css/site.css", LIMITS["css"]), ("js/site.js", LIMITS["js"])])
def test_sheet_and_script_stay_small(path, limit):
    assert len(gzip.compress((ROOT / "shop" / "static" / path).read_bytes(), 9)) <= limit
