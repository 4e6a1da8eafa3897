"""Chapter five: a review with a photo, made public, answered, read by everybody."""

from tests.browser.story.pictures import fruit_photo, upload
from tests.browser.story.stage import press

WORDS = "Xoài ngọt, chín đều, gói kỹ trong rơm. Má tôi khen hoài."
REPLY = "Cảm ơn chị Thảo nhiều! Tháng sau nhà vườn có lứa mới, chị nhớ ghé."


def write_review(shopper, stage) -> None:
    """From the button on the buyer's own page."""
    shopper.locator("a[href$='/nhan-xet/']").first.click()
    shopper.wait_for_load_state()
    shopper.locator("[name=stars]").first.wait_for()
    shopper.locator("label.choice:has([name=stars][value='5'])").click()
    shopper.fill("[name=text]", WORDS)
    shopper.set_input_files("[name=photos]", upload("xoai.jpg", fruit_photo()))
    stage.look(shopper, "review-new")
    press(shopper, "form.panel button.btn--big")
    stage.look(shopper, "review-sent")


def make_public(operator, stage) -> None:
    """The market's operator has read it."""
    operator.goto("/ban-hang/danh-gia/tat-ca/")
    assert WORDS in operator.locator("main").inner_text()
    stage.look(operator, "reviews-everyone")
    press(operator, "button[value=publish]")


def answer(seller, stage) -> None:
    """The owner replies, once."""
    seller.goto("/ban-hang/danh-gia/")
    seller.fill("[name$=text]", REPLY)
    stage.look(seller, "review-answer")
    press(seller, "form[action$='/tra-loi/'] button")
    stage.look(seller, "review-answered")


def assert_both_show(shopper, stage, address: str) -> None:
    """On the product's page, with the photo."""
    shopper.goto(address)
    said = shopper.locator("section[aria-labelledby=reviews]")
    assert WORDS in said.inner_text()
    assert REPLY in said.inner_text()
    assert said.locator("img").count() >= 1
    stage.look(shopper, "product-reviewed")
