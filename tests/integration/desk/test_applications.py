"""The province's desk for sellers: who gets in, what is decided, what is shown."""

import pytest
from django.contrib.auth.models import Group

from cms.services import officers_group_ensure, trees_ensure
from shop.accounts.models import User
from shop.cooperatives.models import Cooperative
from shop.onboarding.models import Application, Identity
from tests.factories import cooperative_make
from tests.factories.onboarding import applicant_make, application_make

pytestmark = pytest.mark.django_db
TOP = "/quan-tri/ho-so/"


@pytest.fixture
def officer(client):
    trees_ensure()
    officer = User.objects.create_user(email="canbo@example.vn")
    officer.groups.add(officers_group_ensure())
    client.force_login(officer)
    return officer


def test_only_officers_with_the_right(client, officer):
    application = application_make(send=True)
    scan = application.files.get()
    url = f"{TOP}{application.pk}/"
    Group.objects.get(name=officer.groups.get().name).permissions.filter(codename="decide_application").delete()
    pages = [TOP, url, f"{TOP}gian-hang/"]
    assert [client.get(page).status_code for page in pages] == [302, 302, 302]
    assert client.get(f"{url}tep/{scan.pk}/").status_code == 404
    for step in ("duyet", "tra-lai", "tu-choi"):
        assert client.post(f"{url}{step}/", {"reason": "x", "papers": "x"}).status_code == 302
    client.force_login(applicant_make())
    assert [client.get(page).status_code for page in [*pages, f"{url}tep/{scan.pk}/"]] == [302] * 4
    application.refresh_from_db()
    assert application.state == "sent"
    assert not Cooperative.objects.exists()


def test_the_queue(client, officer, django_assert_max_num_queries):
    first = application_make(send=True, name="HTX Sen Hồng")
    application_make(send=True, name="HTX Dừa", legal_name="Hợp tác xã Dừa")
    application_make(name="HTX Bản Nháp")
    page = client.get(TOP)
    names = [str(row) for row in page.context["page_obj"]]
    assert names == ["HTX Sen Hồng", "HTX Dừa"]
    assert [str(row) for row in client.get(TOP, {"q": "sen hong"}).context["page_obj"]] == ["HTX Sen Hồng"]
    assert list(client.get(TOP, {"loc": "refused"}).context["page_obj"]) == []
    assert client.get(TOP, {"loc": "x", "p": "99999"}).status_code == 200
    draft = Application.objects.get(state="draft")
    assert client.get(f"{TOP}{draft.pk}/").status_code == 404
    assert client.get(f"{TOP}{draft.pk}/tep/{draft.files.get().pk}/").status_code == 404
    assert client.get(f"{TOP}{first.pk}/").status_code == 200
    for _n in range(5):
        application_make(send=True)
    with django_assert_max_num_queries(14):
        client.get(TOP)


def test_approve_verify_open(client, officer):
    application = application_make(send=True)
    url = f"{TOP}{application.pk}/"
    assert [client.post(f"{url}duyet/").status_code for _twice in range(2)] == [303, 303]
    cooperative = Cooperative.objects.get()
    stall = f"{TOP}gian-hang/{cooperative.pk}/"
    assert client.post(f"{stall}mo/").status_code == 409
    waiting = client.get(TOP, {"loc": "identity"})
    assert [row.pk for row in waiting.context["page_obj"]] == [application.pk]
    data = {"method": "paper", "number": "0100109106", "open": "1"}
    assert client.post(f"{stall}xac-minh/", data).status_code == 409
    assert client.post(f"{stall}xac-minh/", data | {"number": "123"}).status_code == 422
    cooperative.refresh_from_db()
    assert (cooperative.is_published, Identity.objects.count()) == (False, 0)

    data |= {"method": "vneid_org", "linked_on": "2026-11-01"}
    assert client.post(f"{stall}xac-minh/", data).status_code == 303
    cooperative.refresh_from_db()
    assert (cooperative.is_published, Identity.objects.get().verified_by) == (True, "canbo@example.vn")
    assert list(client.get(TOP, {"loc": "identity"}).context["page_obj"]) == []
    assert client.post(f"{stall}dong/", {"reason": ""}).status_code == 422
    assert client.post(f"{stall}dong/", {"reason": "Giấy hết hạn"}).status_code == 303
    cooperative.refresh_from_db()
    assert cooperative.is_published is False


def test_send_back_and_refuse(client, officer):
    application = application_make(send=True)
    url = f"{TOP}{application.pk}/"
    assert client.post(f"{url}tra-lai/", {"papers": " "}).status_code == 422
    assert client.post(f"{url}tu-choi/", {"reason": ""}).status_code == 422
    assert client.post(f"{url}tra-lai/", {"papers": "Ảnh mờ <b>"}).status_code == 303
    assert "Ảnh mờ &lt;b&gt;" in client.get(url).content.decode()
    answer = client.post(f"{url}tu-choi/", {"reason": "Lý do <i>"})
    assert answer.status_code == 409
    application.refresh_from_db()
    assert (application.state, application.reason) == ("returned", "")


def test_files_for_officers(client, officer):
    application = application_make(send=True)
    scan = application.files.get()
    answer = client.get(f"{TOP}{application.pk}/tep/{scan.pk}/")
    assert (answer.status_code, answer["Content-Security-Policy"]) == (200, "default-src 'none'; sandbox")
    assert client.get(f"{TOP}{application.pk + 1}/tep/{scan.pk}/").status_code == 404


def test_the_register_of_stalls(client, officer, django_assert_max_num_queries):
    known = [cooperative_make(f"HTX {name}") for name in ("Xoài", "Mít", "Dừa")]
    Identity.objects.create(cooperative=known[0], due_on="2020-01-01")
    with django_assert_max_num_queries(14):
        rows = client.get(f"{TOP}gian-hang/").context["rows"]
    assert {(row.name, state) for row, state in rows} == {
        ("HTX Xoài", "overdue"),
        ("HTX Mít", "missing"),
        ("HTX Dừa", "missing"),
    }
    overdue = client.get(f"{TOP}gian-hang/", {"loc": "overdue"}).context["rows"]
    assert [row.name for row, _state in overdue] == ["HTX Xoài"]
    assert len(client.get(f"{TOP}gian-hang/", {"q": "mit"}).context["rows"]) == 1
    assert client.get(f"{TOP}gian-hang/{known[0].pk}/").status_code == 200
