"""Cards from abroad, through the stand-in for Stripe that `make run STRIPE=demo` starts: declined, asked back, paid,
refunded. The card's page is another host: the browser goes there by a link, nothing of it is loaded into ours."""

import re

import pytest

from tests.browser.pages import assert_no_overflow, axe
from tests.browser.site import Site
from tests.browser.test_buy_by_qr import PASSWORD, fill_basket, fill_checkout
from tests.postgres import free_port


@pytest.fixture
def card_site():
    """A sample shop with card payments."""
    site = Site("cards", STRIPE="demo", STRIPE_DEMO_PORT=str(free_port()))
    site.start()
    yield site
    site.stop()


def go_to_card_page(page, site) -> str:
    """From our own page with its QR code over to the card service; the address of the purchase."""
    purchase = page.url
    page.locator("form[action$='/the/'] button").first.click()
    page.wait_for_url(re.compile(r"/the/\d+/"))
    assert_no_overflow(page)
    axe(page)
    page.locator(f"a[href^='http://127.0.0.1:{site.env['STRIPE_DEMO_PORT']}/']").click()
    page.wait_for_url(re.compile(site.env["STRIPE_DEMO_PORT"]))
    return purchase


def ordered_by_card(page, site) -> None:
    """Three cooperatives' goods, all to be paid by one card."""
    fill_basket(page, site)
    page.goto("/thanh-toan/")
    fill_checkout(page, script=True)
    page.wait_for_load_state("networkidle")
    for radio in page.locator("input[name^='provider-'][value=stripe]").all():
        radio.check(force=True)
        page.wait_for_load_state("networkidle")
    page.locator("button[name=order]").click()
    page.wait_for_url("**/don-hang/**")
    assert page.locator("section.pay[data-state=card]").count() == 3


def dong(site, kind: str) -> int:
    """Sum of Oscar's transactions of one type."""
    return int(site.query("SELECT COALESCE(SUM(amount), 0) FROM payment_transaction WHERE txn_type = ?", kind)[0][0])


# Leaving our own site is the point here.
@pytest.mark.expects("request to another host: http://127.0.0.1")
def test_declined_then_asked_back_then_paid_then_refunded(card_site, new_page):
    page = new_page("mobile", site=card_site)
    port = card_site.env["STRIPE_DEMO_PORT"]
    page.context.route(lambda url: f":{port}/" in url, lambda route: route.continue_())
    ordered_by_card(page, card_site)
    total = int(card_site.query("SELECT SUM(total_incl_tax) FROM order_order")[0][0])
    purchase = go_to_card_page(page, card_site)

    page.locator("button[value='4000000000000002']").click()
    page.locator("[role=alert]").wait_for()
    assert dong(card_site, "Debit") == 0

    page.locator("button[value='4000002500003155']").click()
    page.locator("button[value=fail]").click()
    page.locator("[role=alert]").wait_for()
    assert dong(card_site, "Debit") == 0

    page.locator("button[value='4000002500003155']").click()
    page.locator("button[value=complete]").click()
    page.wait_for_url(re.compile(re.escape(purchase)))
    page.locator("section.pay[data-state=paid]").nth(2).wait_for(timeout=15_000)
    assert_no_overflow(page)
    assert dong(card_site, "Debit") == total
    assert card_site.query("SELECT COUNT(*) FROM messaging_message WHERE kind = 'money_received'")[0][0] == 3

    refund_as_cooperative(new_page("mobile", site=card_site), card_site)
    page.goto(purchase)
    assert dong(card_site, "Refund") > 0
    assert card_site.query("SELECT COUNT(*) FROM stripe_payment_striperefund WHERE state = 'succeeded'")[0][0] == 1


def refund_as_cooperative(page, site) -> None:
    """The cooperative refuses its order; the money goes back to the card without another press."""
    number = site.query(
        "SELECT o.number FROM order_order o JOIN fulfilment_consignment c ON c.order_id = o.id"
        " JOIN cooperatives_membership m ON m.cooperative_id = c.cooperative_id"
    )[0][0]
    page.goto("/tai-khoan/dang-nhap/?next=/ban-hang/")
    page.locator("details#password summary").click()
    page.fill("details#password [name=login]", "htx@example.vn")
    page.fill("details#password [name=password]", PASSWORD)
    page.locator("details#password button:not([name])").click()
    page.wait_for_url("**/ban-hang/")
    page.goto(f"/ban-hang/don/{number}/")
    page.locator("details#refuse summary").click()
    page.fill("details#refuse [name=reason]", "Mưa lớn, vườn ngập")
    page.locator("details#refuse button").click()
    page.wait_for_load_state()
    site.manage("clock", "--once")
