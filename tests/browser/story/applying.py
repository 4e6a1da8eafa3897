"""Chapter one: a stranger becomes a cooperative with an open stall and a way to send."""

from tests.browser.story.pictures import paper_photo, upload
from tests.browser.story.stage import press

NAME = "HTX Xoài Út Lợi"
PHONE = "0907 111 222"
TAX_CODE = "1200543213"
ACCOUNT = "7101205123456"
GO_ON = "form.panel button.btn--big"


def sign_in_by_code(page, stage) -> None:
    """A phone number, six digits from a text message: that is all."""
    page.goto("/tai-khoan/dang-nhap/?next=/ban-hang/")
    stage.look(page, "sign-in")
    page.fill("#id_phone", PHONE)
    press(page, "form.panel:has(#id_phone) button")
    stage.look(page, "code")
    page.fill("[name=code]", stage.code_for("+84907111222"))
    press(page, GO_ON)
    page.wait_for_url("**/ban-hang/")
    stage.look(page, "outside")


def apply(page, stage) -> None:
    """All six steps of "Đăng ký bán hàng"."""
    page.get_by_role("link", name="Đăng ký bán hàng").click()
    page.wait_for_url("**/dang-ky/**")
    stage.look(page, "apply-start")
    press(page, "form[action$='/bat-dau/'] button")
    stage.look(page, "apply-who")
    tell_who(page)
    stage.look(page, "apply-where")
    page.fill("#id_ward", "my tho")
    page.locator(".hits button", has_text="Phường Mỹ Tho").first.click()
    page.fill("[name=address]", "Số 12, ấp Bình Lợi")
    press(page, GO_ON)
    add_paper(page, stage)
    stage.look(page, "apply-account")
    page.fill("#id_bin", "agribank")
    page.locator(".hits button").first.click()
    page.fill("[name=number]", ACCOUNT)
    page.fill("[name=holder]", "Hợp tác xã Xoài Út Lợi")
    press(page, GO_ON)
    stage.look(page, "apply-identity")
    page.check("[name=method][value=vneid_org]")
    page.fill("[name=number]", TAX_CODE)
    page.check("[name=linked]")
    page.fill("[name=linked_on]", "2026-01-05")
    press(page, GO_ON)
    stage.look(page, "apply-check")
    page.check("[name=agree]")
    press(page, "form:has([name=agree]) button")
    stage.look(page, "apply-sent")


def tell_who(page) -> None:
    """The first step, a slip included: nothing typed is lost by it."""
    page.check("[name=kind][value=hop_tac_xa]")
    page.fill("[name=name]", NAME)
    page.fill("[name=legal_name]", "Hợp tác xã Nông nghiệp Xoài Út Lợi")
    page.fill("[name=tax_code]", "1200543210")
    page.fill("[name=representative]", "Lê Thị Út Lợi")
    page.fill("[name=phone]", PHONE)
    press(page, GO_ON)
    assert page.locator("#id_tax_code[aria-invalid=true]").count() == 1
    assert page.locator("[name=representative]").input_value() == "Lê Thị Út Lợi"
    page.fill("[name=tax_code]", TAX_CODE)
    press(page, GO_ON)


def add_paper(page, stage) -> None:
    """A photo of the declaration."""
    stage.look(page, "apply-papers")
    page.locator("a[href$='/giay-to/them/']").click()
    page.wait_for_load_state()
    page.select_option("[name=kind]", "declaration")
    page.set_input_files("[name=scans]", upload("giay.jpg", paper_photo()))
    page.fill("[name=number]", "05/UTLOI/2026")
    page.fill("[name=issuer]", "Sở An toàn thực phẩm Đồng Tháp")
    stage.look(page, "apply-paper")
    press(page, GO_ON)
    stage.look(page, "apply-papers-there")
    press(page, GO_ON)


def approve(officer, stage) -> None:
    """At the province's desk: read, approve, identity verified, stall open."""
    officer.goto("/quan-tri/ho-so/")
    officer.get_by_role("link", name=NAME).click()
    officer.wait_for_load_state()
    stage.shoot(officer, "desk-application")
    press(officer, "form[action$='/duyet/'] button")
    stage.shoot(officer, "desk-identity")
    press(officer, "button[name=open]")
    stage.shoot(officer, "desk-open")
    state = stage.query("SELECT is_published FROM cooperatives_cooperative WHERE name = ?", NAME)
    assert state == [(1,)]


def offer_delivery(page, stage) -> None:
    """Nobody can buy before there is a way to send."""
    page.goto("/ban-hang/")
    stage.look(page, "today-first")
    page.goto("/ban-hang/giao-hang/")
    stage.look(page, "delivery-none")
    page.locator("a[href$='/giao-hang/them/']").click()
    page.wait_for_load_state()
    page.fill("[name=name]", "Xe lạnh trong tỉnh")
    page.select_option("[name=zone]", "province")
    page.fill("[name=days_min]", "1")
    page.fill("[name=days_max]", "2")
    page.locator(".step input").nth(0).fill("5")
    page.locator(".step input").nth(1).fill("25.000")
    stage.look(page, "delivery-new")
    press(page, "button.btn--big[name=save]")
    stage.look(page, "delivery-there")
