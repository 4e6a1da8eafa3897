"""Pages that watch themselves, and what every page must pass: no overflow, no barrier."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
SIZES = {"mobile": {"width": 360, "height": 740}, "desktop": {"width": 1280, "height": 900}}
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LAUNCH = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--font-render-hinting=none",
]
# Elements whose right edge is outside the window, unless something around them scrolls or clips on purpose.
OVERFLOWING = """() => {
  const wide = document.documentElement.scrollWidth, window_ = document.documentElement.clientWidth;
  if (wide <= window_) return [];
  const inside = (element) => {
    for (let up = element.parentElement; up && up !== document.body; up = up.parentElement)
      if (getComputedStyle(up).overflowX !== "visible") return true;
    return false;
  };
  const found = [...document.body.querySelectorAll("*")]
    .filter((element) => element.getBoundingClientRect().right > window_ + 0.5 && !inside(element))
    .map((element) => element.tagName.toLowerCase() + "." + element.className + " " +
      Math.round(element.getBoundingClientRect().right) + "px");
  return ["page is " + wide + "px wide in " + window_ + "px", ...found.slice(0, 10)];
}"""


class Watch:
    """Collects what must never happen: errors on the console or in scripts, requests to other hosts, answers >= 500."""

    def __init__(self, host: str):
        self.host = host
        self.troubles: list[str] = []
        self.expected: list[re.Pattern] = []

    def expect(self, pattern: str) -> None:
        """Trouble that this test provokes on purpose, such as a 404."""
        self.expected.append(re.compile(pattern))

    def note(self, trouble: str) -> None:
        """Remember one piece of trouble."""
        self.troubles.append(trouble)

    def unexpected(self) -> list[str]:
        """What the test did not ask for."""
        return [text for text in self.troubles if not any(pattern.search(text) for pattern in self.expected)]

    def guard(self, context: BrowserContext) -> None:
        """Refuse requests to other hosts and listen to everything else."""
        context.route(lambda url: not self.is_ours(url), self.refuse)
        context.on("console", self.on_console)
        context.on("weberror", lambda error: self.note(f"script error: {error.error}"))
        context.on("response", self.on_response)

    def is_ours(self, url: str) -> bool:
        """Our own host, or data inside the page."""
        parts = urlsplit(url)
        return parts.netloc == self.host or parts.scheme in {"data", "blob", "about"}

    def refuse(self, route) -> None:
        """Note and stop a request to another host."""
        self.note(f"request to another host: {route.request.url}")
        route.abort()

    def on_console(self, message) -> None:
        """Errors and refused policies; warnings are for people."""
        if message.type == "error":
            self.note(f"console: {message.text} ({message.location.get('url', '')})")

    def on_response(self, response) -> None:
        """The server's own failures."""
        if response.status >= 500:
            self.note(f"answer {response.status}: {response.url}")


def open_context(browser: Browser, watch: Watch, *, size: str, javascript: bool, url: str) -> BrowserContext:
    """A fresh visitor: no cookies; Vietnamese, in Viet Nam's time zone; a phone when the size is mobile."""
    context = browser.new_context(
        base_url=url,
        viewport=SIZES[size],
        java_script_enabled=javascript,
        has_touch=size == "mobile",
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
    )
    context.set_default_timeout(10_000)
    watch.guard(context)
    return context


def assert_no_overflow(page: Page) -> None:
    """Nothing makes the page wider than the window."""
    found = page.evaluate(OVERFLOWING)
    assert found == [], f"{page.url} is too wide: " + "; ".join(found)


def axe(page: Page, *, disabled: tuple[str, ...] = (), within: str | None = None) -> None:
    """No barrier that axe-core can find by the WCAG 2.2 AA rules; ``within`` limits it to a selector."""
    if not page.scripts:
        raise ValueError("axe-core waits for timers, which never ring without JavaScript: give it a page that has it.")
    page.evaluate(AXE)
    options = {
        "runOnly": {"type": "tag", "values": STANDARDS},
        "rules": {rule: {"enabled": False} for rule in disabled},
        "resultTypes": ["violations"],
    }
    result = page.evaluate("([within, options]) => axe.run(within || document, options)", [within, options])
    lines = [
        f"{violation['id']}: {node['target'][0]} {node['failureSummary']}"
        for violation in result["violations"]
        for node in violation["nodes"][:5]
    ]
    assert lines == [], f"{page.url} has barriers:\n" + "\n".join(lines)
