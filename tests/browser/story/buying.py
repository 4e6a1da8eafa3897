"""Chapter three: somebody finds it without marks, buys it as a guest and transfers the money."""

import re

from tests.browser.story.selling import TITLE
from tests.browser.story.stage import press
from tests.browser.test_buy_by_qr import fill_checkout


def find_and_order(shopper, stage, address: str) -> str:
    """From the search box to the page with the QR code; the order's number."""
    shopper.goto("/tim-kiem/?q=xoai+cat+ut+loi")
    stage.look(shopper, "search")
    shopper.locator(f"main a[href='{address}']").first.click()
    shopper.wait_for_url(f"**{address}")
    stage.look(shopper, "product")
    press(shopper, "form.buy button[name=now]")
    if not shopper.url.endswith("/thanh-toan/"):
        stage.look(shopper, "basket")
        press(shopper, "button[name=checkout]")
    fill_checkout(shopper, script=True)
    shopper.wait_for_load_state("networkidle")
    stage.look(shopper, "checkout")
    press(shopper, "button[name=order]")
    shopper.wait_for_url("**/don-hang/**")
    panel = shopper.locator("section.pay[data-state=waiting]")
    assert panel.count() == 1
    assert panel.locator(".qr svg[role=img]").is_visible()
    stage.look(shopper, "pay")
    return panel.get_attribute("data-order")


def wait_for_order(seller, stage) -> None:
    """ "Hôm nay" is open: the order comes by itself and its bell line says so."""
    seller.locator("[data-ding]").wait_for(timeout=15_000)
    assert TITLE in seller.locator(".rows").inner_text()
    stage.look(seller, "today-waiting")


def say_money_is_here(seller, stage, number: str) -> None:
    """No bank tells a new cooperative's movements yet: its owner looks and says so."""
    seller.goto(f"/ban-hang/don/{number}/")
    seller.locator("details#money summary").click()
    stage.look(seller, "order-money")
    press(seller, f"form[action$='/don/{number}/da-nhan-tien/'] button")
    stage.look(seller, "order-paid")


def assert_turns_green(shopper, stage, number: str) -> None:
    """Without a touch."""
    shopper.locator(f"section.pay[data-order='{number}'][data-state=paid]").wait_for(timeout=15_000)
    stage.look(shopper, "pay-green")


def open_order(shopper, number: str) -> None:
    """The buyer's own page of the parcel."""
    shopper.locator(f"a[href$='/{number}/']", has_text=re.compile("Theo dõi")).first.click()
    shopper.wait_for_load_state()
