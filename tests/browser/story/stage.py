"""A shop with its own letter box, and what is looked at on every page of the story."""

import json
import os
import re
import time
from pathlib import Path

from tests.browser.pages import assert_no_overflow
from tests.browser.site import Site
from tests.browser.test_buy_by_qr import PASSWORD
from tests.browser.test_tour import left_untranslated

#: A folder for pictures of every step; nothing is drawn without it.
SHOTS = os.environ.get("STORY_SHOTS", "")
#: Buttons for thumbs that are lower than 44 CSS pixels (WCAG 2.5.5, and the design's own rule).
SMALL_BUTTONS = """() => [...document.querySelectorAll("main .btn--big, main .btn--wide")]
  .filter((button) => button.checkVisibility() && button.getBoundingClientRect().height < 44)
  .map((button) => button.textContent.trim() + " " + button.getBoundingClientRect().height + "px")"""


class Stage(Site):
    """A sample shop whose text messages land in a file, and whose private files are its own."""

    def __init__(self, name: str):
        super().__init__(name)
        self.letters = self.folder / "messages.jsonl"
        self.env |= {"SMS_BACKEND": "shop.messaging.backends.file", "MESSAGE_FILE": str(self.letters)}
        self.env["PRIVATE_ROOT"] = str(self.folder / "private")
        self.shots = 0

    def code_for(self, phone: str, seconds: float = 15) -> str:
        """The six digits in the newest message to a number like ``+84901234567``."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            lines = self.letters.read_text(encoding="utf-8").splitlines() if self.letters.exists() else []
            for letter in map(json.loads, reversed(lines)):
                found = re.search(r"\b\d{6}\b", letter["body"])
                if letter["to"] == phone and found:
                    return found[0]
            time.sleep(0.1)
        raise AssertionError(f"No code for {phone} after {seconds} seconds")

    def look(self, page, name: str) -> None:
        """Nothing too wide, no button too low, no word of the other language; a picture where pictures are wanted."""
        page.wait_for_load_state()
        assert_no_overflow(page)
        assert page.evaluate(SMALL_BUTTONS) == [], page.url
        assert left_untranslated(page, page.locator("html").get_attribute("lang")) == [], page.url
        self.shoot(page, name)

    def shoot(self, page, name: str) -> None:
        """One picture of the whole page, numbered in the order of the story."""
        self.shots += 1
        if SHOTS:
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{SHOTS}/{self.shots:02d}-{name}.png", full_page=True)


def sign_in_by_password(page, login: str, then: str) -> None:
    """With an e-mail address and the password of the sample people; ends at ``then``."""
    page.goto(f"/tai-khoan/dang-nhap/?next={then}")
    page.locator("details#password summary").click()
    page.fill("details#password [name=login]", login)
    page.fill("details#password [name=password]", PASSWORD)
    page.locator("details#password button:not([name])").click()
    page.wait_for_url(f"**{then}")


def press(page, selector: str) -> None:
    """Press a button that posts, and wait for the page it leads to."""
    with page.expect_navigation():
        page.locator(selector).first.click()
