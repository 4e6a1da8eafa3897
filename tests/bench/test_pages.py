"""The page that says how to pay, and what it asks every few seconds while it waits."""

PURCHASES, TIMES = 100, 5


def test_pay_page_and_its_status(shop, show):
    pages = shop.work("orders", str(PURCHASES))["pages"]
    shop.start(worker=False)
    shop.send([{"path": path} for path in pages])

    show("")
    for title, tail in (("pay page", ""), ("status", "trang-thai/")):
        figures = shop.send([{"path": path + tail} for path in pages * TIMES])
        show(f"{shop.kind}: {title:9} {figures}")
        assert figures.statuses == {200}
