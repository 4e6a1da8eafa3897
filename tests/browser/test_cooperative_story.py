"""A cooperative's first days on a phone, in one story: from a phone number to a review with its reply."""

import time

import pytest

from tests.browser.story import applying, buying, parcels, reviewing, selling
from tests.browser.story.stage import Stage, sign_in_by_password


@pytest.fixture
def stage():
    """A shop of its own."""
    site = Stage("story")
    site.start()
    yield site
    site.stop()


def same_person(page, new_page, stage):
    """The person of ``page`` on a phone that runs no scripts."""
    plain = new_page("mobile", javascript=False, site=stage)
    plain.context.add_cookies(page.context.cookies())
    return plain


@pytest.mark.expects(r"422 |403 .*/ban-hang/\)")
def test_from_a_phone_number_to_a_review(stage, new_page, capsys):
    start = time.monotonic()
    owner = new_page("mobile", site=stage)
    applying.sign_in_by_code(owner, stage)
    applying.apply(owner, stage)
    officer = new_page("desktop", site=stage)
    sign_in_by_password(officer, "canbo@example.vn", "/quan-tri/")
    applying.approve(officer, stage)
    applying.offer_delivery(owner, stage)

    hands = selling.make_product(owner, stage)
    address = selling.publish(officer, stage)
    plain = same_person(owner, new_page, stage)
    selling.draft_without_scripts(plain, stage)

    owner.goto("/ban-hang/")
    shopper = new_page("mobile", site=stage)
    number = buying.find_and_order(shopper, stage, address)
    buying.wait_for_order(owner, stage)
    buying.say_money_is_here(owner, stage, number)
    buying.assert_turns_green(shopper, stage, number)

    buying.open_order(shopper, number)
    parcels.take(owner, shopper, stage, number)
    parcels.pack_without_scripts(plain, shopper, stage, number)
    parcels.hand_over(owner, shopper, stage, number)
    parcels.deliver(owner, shopper, stage, number)

    reviewing.write_review(shopper, stage)
    operator = new_page("mobile", site=stage)
    sign_in_by_password(operator, "dieuhanh@example.vn", "/ban-hang/danh-gia/tat-ca/")
    reviewing.make_public(operator, stage)
    reviewing.answer(owner, stage)
    reviewing.assert_both_show(shopper, stage, address)

    seconds = time.monotonic() - start
    with capsys.disabled():
        print(f"\n    first product: {hands.summary()}; whole story: {seconds:.0f} s", end="", flush=True)
