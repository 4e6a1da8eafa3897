"""Chapter two: the first product, from a photo to the market."""

import time

from playwright.sync_api import expect

from tests.browser.story.pictures import fruit_photo, upload
from tests.browser.story.stage import press

TITLE = "Xoài cát Út Lợi"
MOST_FIELDS = 8


class Hands:
    """Counts what a person does: taps, and fields that are typed into."""

    def __init__(self, page):
        self.page = page
        self.taps = self.fields = 0
        self.start = time.monotonic()

    def tap(self, selector: str) -> None:
        self.page.locator(selector).first.click()
        self.taps += 1

    def type(self, selector: str, text: str) -> None:
        self.tap(selector)
        self.page.keyboard.type(text)
        self.fields += 1

    def choose_photo(self, selector: str, photo: dict) -> None:
        """Two taps in the phone's own gallery."""
        self.page.set_input_files(selector, photo)
        self.taps += 2

    def summary(self) -> str:
        return f"{self.taps} taps, {self.fields} typed fields, {time.monotonic() - self.start:.1f} s"


def make_product(page, stage) -> Hands:
    """Photo, name, price, unit, number: sent for review."""
    page.goto("/ban-hang/hang/")
    stage.look(page, "goods-none")
    hands = Hands(page)
    hands.tap("main a[href$='/hang/moi/']")
    page.wait_for_url("**/hang/moi/")
    stage.look(page, "goods-new")
    hands.choose_photo("input[name=photos]", upload("IMG_2041.jpg", fruit_photo()))
    hands.type("#id_title", TITLE)
    hands.type("#id_price", "65000")
    hands.tap("[data-unit=kg]")
    hands.type("#id_stock", "40")
    page.locator("[data-shots] img").wait_for(timeout=20_000)
    assert_upright(page)
    expect(page.locator("[name=ocop_set]")).not_to_have_value("")
    stage.look(page, "goods-filled")
    hands.tap("button[value=send]:visible")
    page.locator(".messages").wait_for()
    stage.look(page, "goods-sent")
    assert stage.query(
        "SELECT l.state FROM listings_listing l JOIN catalogue_product p ON p.id = l.product_id WHERE p.title = ?",
        TITLE,
    ) == [("review",)]
    assert hands.fields <= MOST_FIELDS
    return hands


def assert_upright(page) -> None:
    """The picture is shown as it was held, and is square or higher than wide."""
    wide, high = page.evaluate(
        "async () => { const img = document.querySelector('[data-shots] img'); await img.decode();"
        " return [img.naturalWidth, img.naturalHeight]; }"
    )
    assert high >= wide


def publish(officer, stage) -> str:
    """At the province's desk; the product's address on the market."""
    officer.goto("/quan-tri/tin-hang/")
    officer.get_by_role("link", name=TITLE).click()
    officer.wait_for_load_state()
    stage.shoot(officer, "desk-product")
    press(officer, "button[value=approve]")
    rows = stage.query(
        "SELECT p.slug, p.id, l.state FROM catalogue_product p JOIN listings_listing l ON l.product_id = p.id"
        " WHERE p.title = ?",
        TITLE,
    )
    slug, pk, state = rows[0]
    assert state == "published"
    return f"/san-pham/{slug}-{pk}/"


def draft_without_scripts(plain, stage) -> None:
    """The same form with a browser that runs nothing: a picture and three fields are kept as a draft."""
    plain.goto("/ban-hang/hang/moi/")
    plain.fill("#id_title", "Xoài sấy dẻo")
    plain.fill("#id_price", "90.000")
    plain.set_input_files("input[name=photos]", upload("IMG_2042.jpg", fruit_photo()))
    press(plain, ".send-bar button[value=save]")
    assert plain.locator("#id_price").input_value() == "90.000"
    assert plain.locator("[data-shots] img").count() == 1
    stage.look(plain, "goods-draft-plain")
