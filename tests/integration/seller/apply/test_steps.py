"""A person of no cooperative applies, step by step, on different days; nothing typed is lost."""

import pytest

from shop.audit.models import AuditEntry
from shop.onboarding.models import Application
from tests.factories.onboarding import applicant_make, application_make

pytestmark = pytest.mark.django_db
SELLER = {
    "kind": "hop_tac_xa",
    "name": "HTX Sen <b>Hồng</b>",
    "legal_name": "Hợp tác xã Sen Hồng",
    "tax_code": "0100 109 106",
    "representative": "Nguyễn\u202e Văn Sen",
    "phone": "0912 345 678",
    "zalo": "",
}


@pytest.fixture
def person(client):
    person = applicant_make()
    client.force_login(person)
    return person


@pytest.fixture
def url(client, person):
    """The application's address, freshly started."""
    answer = client.post("/ban-hang/dang-ky/bat-dau/")
    assert answer.status_code == 303
    return answer["Location"].removesuffix("nguoi-ban/")


def test_the_way_in(client, person):
    assert b"/ban-hang/dang-ky/" in client.get("/ban-hang/").content
    assert b"/ban-hang/dang-ky/" in client.get("/tai-khoan/").content
    page = client.get("/ban-hang/dang-ky/")
    assert page.status_code == 200
    assert not Application.objects.exists()
    client.post("/ban-hang/dang-ky/bat-dau/")
    client.post("/ban-hang/dang-ky/bat-dau/")
    application = Application.objects.get()
    assert (application.phone, application.representative) == (person.phone, "Sen")
    assert client.get("/ban-hang/dang-ky/")["Location"] == f"/ban-hang/dang-ky/{application.pk}/"


def test_all_steps_and_send(client, url):
    assert client.post(f"{url}nguoi-ban/", SELLER)["Location"] == f"{url}dia-chi/"
    place = {"province": "82", "ward": "28576", "address": "Ấp 3"}
    assert client.post(f"{url}dia-chi/", place)["Location"] == f"{url}giay-to/"
    assert client.post(f"{url}giay-to/", {"sells_no_food": "on"})["Location"] == f"{url}tai-khoan/"
    account = {"bin": "970405", "number": "1234 5678 9012", "holder": "Sen Hồng"}
    assert client.post(f"{url}tai-khoan/", account)["Location"] == f"{url}dinh-danh/"
    identity = {"method": "vneid_org", "number": "0100109106", "linked": "on", "linked_on": "01/11/2026"}
    assert client.post(f"{url}dinh-danh/", identity)["Location"] == f"{url}gui/"

    assert client.post(f"{url}gui/", {}).status_code == 422
    assert Application.objects.get().state == "draft"
    for status in (303, 409):
        assert client.post(f"{url}gui/", {"agree": "on"}).status_code == status
    application = Application.objects.get()
    assert (application.state, application.sends, application.terms_version) == ("sent", 1, "2026-11-24")
    assert application.terms_agreed_at is not None
    assert (application.tax_code, application.phone) == ("0100109106", "+84912345678")
    assert (application.representative, application.bank_holder) == ("Nguyễn Văn Sen", "SEN HONG")
    assert application.number == "0100109106"
    page = client.get(url).content.decode()
    assert "HTX Sen &lt;b&gt;Hồng&lt;/b&gt;" in page
    assert "•••••••106" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [("tax_code", "0100109107"), ("phone", "123"), ("name", ""), ("kind", "x"), ("name", "x" * 129)],
)
def test_wrong_input_keeps_what_was_typed(client, url, field, value):
    answer = client.post(f"{url}nguoi-ban/", SELLER | {field: value})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert "Hợp tác xã Sen Hồng" in answer.content.decode()
    assert (Application.objects.get().name, Application.objects.get().legal_name) == ("", "")


def test_half_a_step_is_kept_for_another_day(client, url):
    half = SELLER | {"tax_code": "", "kind": "", "later": "1"}
    assert client.post(f"{url}nguoi-ban/", half)["Location"] == url
    assert Application.objects.get().legal_name == "Hợp tác xã Sen Hồng"
    assert "Hợp tác xã Sen Hồng" in client.get(f"{url}nguoi-ban/").content.decode()
    assert client.post(f"{url}tai-khoan/", {"later": "1"}).status_code == 303
    assert client.post(f"{url}gui/", {"agree": "on"}).status_code == 409
    assert Application.objects.get().state == "draft"


def test_communes_without_script(client, url):
    answer = client.post(f"{url}dia-chi/", {"province": "01", "address": "Ấp 3", "communes": "1"})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Hoàn Kiếm" in page and "Ấp 3" in page
    assert client.post(f"{url}dia-chi/", {"province": "82", "ward": "00070", "address": "x"}).status_code == 422


def test_a_personal_number_is_never_shown_again(client, url):
    household = SELLER | {"kind": "ho_kinh_doanh", "tax_code": "082190000123"}
    client.post(f"{url}nguoi-ban/", household)
    client.post(f"{url}dinh-danh/", {"method": "vneid_person", "number": "082190000123"})
    application = Application.objects.get()
    assert (application.tax_code, application.tax_number, application.number) == ("", "082190000123", "082190000123")
    for word in ("", "nguoi-ban/", "dinh-danh/", "gui/"):
        assert "082190000123" not in client.get(url + word).content.decode()
    client.post(f"{url}nguoi-ban/", household | {"tax_code": "", "name": "Hộ Sen"})
    client.post(f"{url}dinh-danh/", {"method": "vneid_person", "number": ""})
    application.refresh_from_db()
    assert (application.name, application.tax_number, application.number) == ("Hộ Sen", "082190000123", "082190000123")
    assert client.post(f"{url}nguoi-ban/", SELLER | {"tax_code": ""}).status_code == 422
    assert "082190000123" not in str(list(AuditEntry.objects.values_list("before", "after")))


def test_a_day_to_come_is_no_link(client, url):
    data = {"method": "vneid_org", "number": "0100109106", "linked": "on", "linked_on": "2999-01-01"}
    for linked_on in ("2999-01-01", "", "32/1/2026"):
        assert client.post(f"{url}dinh-danh/", data | {"linked_on": linked_on}).status_code == 422
    assert Application.objects.get().method == ""


def test_the_provinces_words_stand_beside_the_step(client, person):
    from shop.onboarding.decisions import application_return

    application = application_make(person, send=True)
    url = f"/ban-hang/dang-ky/{application.pk}/"
    assert client.post(f"{url}tai-khoan/", {"number": "1"}).status_code == 409
    application_return(application=application, comments={"account": "Sai <số>"}, by="can bo")
    for word in ("", "tai-khoan/"):
        assert "Sai &lt;số&gt;" in client.get(url + word).content.decode()
    assert "Sai &lt;số&gt;" not in client.get(f"{url}dia-chi/").content.decode()
    assert client.post(f"{url}gui/", {"agree": "on"}).status_code == 303
    assert "Sai &lt;số&gt;" not in client.get(url).content.decode()


def test_strangers_and_others(client):
    application = application_make()
    paper, scan = application.papers.get(), application.files.get()
    url = f"/ban-hang/dang-ky/{application.pk}/"
    pages = ["", "gui/", "nguoi-ban/", "dinh-danh/", "giay-to/them/", f"giay-to/{paper.pk}/", f"tep/{scan.pk}/"]
    posts = [f"giay-to/{paper.pk}/bo/", f"tep/{scan.pk}/bo/"]
    for page in pages:
        answer = client.get(url + page)
        assert (answer.status_code, answer["Location"].startswith("/tai-khoan/")) == (302, True)
    client.force_login(applicant_make())
    for page in pages:
        assert client.get(url + page).status_code == 404
    for page in pages + posts:
        if not page.startswith("tep/") or "bo" in page:
            assert client.post(url + page, SELLER).status_code in (404, 405)
    assert client.get(f"/ban-hang/dang-ky/{10**30}/").status_code == 404
    assert client.get(f"{url}khong-co/").status_code == 404
    application.refresh_from_db()
    assert (application.name, application.papers.count(), application.files.count()) == ("HTX Sen Hồng", 1, 1)
