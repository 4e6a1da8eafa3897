"""Chapter four: taken, packed, handed over, delivered; the buyer watches."""

import re

from tests.browser.story.stage import press

TRACKING = "GHNUTLOI2026"


def take(seller, shopper, stage, number: str) -> None:
    """From "Hôm nay", whose title counts what is to be taken."""
    seller.goto("/ban-hang/")
    assert re.match(r"\(1\) ", seller.title())
    stage.look(seller, "today-take")
    press(seller, f"form[action$='/don/{number}/nhan/'] button")
    stage.look(seller, "today-taken")
    follow(shopper, stage, "buyer-taken")


def pack_without_scripts(plain, shopper, stage, number: str) -> None:
    """An old phone packs: no script, with the lot."""
    plain.goto(f"/ban-hang/don/{number}/")
    plain.locator("details#lots summary").click()
    plain.locator("fieldset.lot input").first.fill("XC-2411")
    stage.look(plain, "order-pack-plain")
    press(plain, f"form[action$='/don/{number}/dong-goi/'] button.btn--big")
    assert stage.query("SELECT c.state FROM fulfilment_consignment c JOIN order_order o ON o.id = c.order_id"
                       " WHERE o.number = ?", number) == [("packed",)]  # fmt: skip
    follow(shopper, stage, "buyer-packed")


def hand_over(seller, shopper, stage, number: str) -> None:
    """A carrier with its number; the buyer gets the link."""
    seller.goto(f"/ban-hang/don/{number}/")
    choose_carrier(seller)
    seller.fill("[name$=tracking]", TRACKING.lower())
    stage.look(seller, "order-hand-over")
    press(seller, f"form[action*='/don/{number}/'] button.btn--big")
    stage.look(seller, "order-on-the-way")
    link = shopper.locator(f"a[href='https://donhang.ghn.vn/?order_code={TRACKING}']")
    link.wait_for(timeout=15_000)
    follow(shopper, stage, "buyer-on-the-way")


def choose_carrier(seller) -> None:
    """The list of carriers, whatever it looks like."""
    box = seller.locator("select[name$=carrier]")
    if box.count():
        box.select_option("ghn")
    else:
        seller.check("[name$=carrier][value=ghn]")


def deliver(seller, shopper, stage, number: str) -> None:
    """The buyer has it: pressed, and asked once."""
    seller.locator("details#delivered summary").click()
    stage.look(seller, "order-delivering")
    press(seller, "details#delivered form button")
    stage.look(seller, "order-delivered")
    follow(shopper, stage, "buyer-delivered")


def follow(shopper, stage, name: str) -> None:
    """What the buyer's page says now; a reload, as after an hour in the pocket."""
    shopper.reload()
    stage.look(shopper, name)
