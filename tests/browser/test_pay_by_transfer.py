"""Three transfers told by signed webhooks turn the three orders of one purchase green, one after the other."""

import hashlib
import hmac
import time

from tests.browser.pages import assert_no_overflow
from tests.browser.test_buy_by_qr import fill_basket, fill_checkout
from tests.factories.sepay import SePayNews


def demo_secret(site) -> str:
    """What the sample cooperatives' bank signs with: made from the shop's own key."""
    return hmac.new(site.env["SECRET_KEY"].encode(), b"bank of the demonstration", hashlib.sha256).hexdigest()


def waiting(site) -> list[tuple[str, str, int, str, str]]:
    """Number, memo, dong, account and webhook token of the orders that wait for a transfer."""
    return site.query(
        "SELECT o.number, t.memo, t.amount, t.number, f.token FROM order_order o"
        " JOIN payment_source s ON s.order_id = o.id"
        " JOIN payment_attempts_attempt a ON a.source_id = s.id AND a.state = 'pending'"
        " JOIN vietqr_transferrequest t ON t.attempt_id = a.id"
        " JOIN fulfilment_consignment c ON c.order_id = o.id"
        " JOIN vietqr_bankfeed f ON f.cooperative_id = c.cooperative_id"
        " ORDER BY o.id"
    )


def ordered(page, site) -> None:
    """Three cooperatives' goods, ordered as a guest; the pay page is open."""
    fill_basket(page, site)
    page.goto("/thanh-toan/")
    fill_checkout(page, script=True)
    page.wait_for_load_state("networkidle")
    page.locator("button[name=order]").click()
    page.wait_for_url("**/don-hang/**")


def test_three_transfers_turn_three_orders_green(own_site, new_page, capsys):
    page = new_page("mobile", site=own_site)
    ordered(page, own_site)
    assert page.locator("section.pay[data-state=waiting]").count() == 3
    seconds = []
    for number, memo, amount, account, token in waiting(own_site):
        news = SePayNews(account=account, memo=f"MBVCB.991.{memo.lower()}.CT tu 0123", amount=amount)
        start = time.monotonic()
        for _ in range(2):  # the service repeats itself
            answer = page.request.post(
                f"/webhooks/sepay/{token}/", data=news.body, headers=news.headers(demo_secret(own_site))
            )
            assert (answer.status, answer.json()) == (200, {"success": True})
        page.locator(f"section.pay[data-order='{number}'][data-state=paid]").wait_for(timeout=15_000)
        seconds.append(time.monotonic() - start)
        assert_no_overflow(page)
    with capsys.disabled():
        print(f"\n    webhook to green: {', '.join(f'{value:.1f} s' for value in seconds)}", end="", flush=True)
    assert page.locator("section.pay[data-state=waiting]").count() == 0
    assert own_site.query("SELECT COUNT(*) FROM payment_transaction")[0][0] == 3
    assert own_site.query("SELECT COUNT(*) FROM messaging_message WHERE kind = 'money_received'")[0][0] == 3


def test_forged_news_changes_nothing_a_part_shows_what_is_missing_and_the_rest_completes_it(own_site, new_page):
    page = new_page("mobile", site=own_site)
    ordered(page, own_site)
    number, memo, amount, account, token = waiting(own_site)[0]
    panel = page.locator(f"section.pay[data-order='{number}']")
    secret = demo_secret(own_site)

    forged = SePayNews(account=account, memo=memo, amount=amount)
    answer = page.request.post(f"/webhooks/sepay/{token}/", data=forged.body, headers=forged.headers("guess"))
    assert (answer.status, answer.json()["success"]) == (401, False)
    assert own_site.query("SELECT COUNT(*) FROM vietqr_bankline")[0][0] == 0

    first = SePayNews(account=account, memo=memo, amount=amount - 20_000)
    assert page.request.post(f"/webhooks/sepay/{token}/", data=first.body, headers=first.headers(secret)).ok
    panel.locator("[data-copy='20000']").wait_for(timeout=15_000)
    assert_no_overflow(page)
    rest = SePayNews(account=account, memo=memo, amount=20_000)
    assert page.request.post(f"/webhooks/sepay/{token}/", data=rest.body, headers=rest.headers(secret)).ok

    panel.and_(page.locator("[data-state=paid]")).wait_for(timeout=15_000)
