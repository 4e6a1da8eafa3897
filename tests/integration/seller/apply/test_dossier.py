"""After approval: the owner sees papers and identity; the cooperative's other people do not."""

import pytest

from shop.accounts.models import User
from shop.cooperatives.models import Membership
from shop.onboarding.models import Application
from shop.reconciliation.opening import cooperative_open
from tests.factories import cooperative_make
from tests.factories.onboarding import applicant_make, application_make

pytestmark = pytest.mark.django_db


def test_the_owner_follows_the_application(client):
    application = application_make(send=True)
    client.force_login(application.applicant)
    cooperative = cooperative_open(application=application, by="canbo@example.vn")
    url = f"/ban-hang/dang-ky/{application.pk}/"
    page = client.get("/ban-hang/dang-ky/")
    assert (page.status_code, page.context["state"], page.context["cooperative"]) == (200, "missing", cooperative)
    assert client.get(url)["Location"] == "/ban-hang/dang-ky/"
    assert client.post(f"{url}tai-khoan/", {"number": "1"}).status_code == 409
    assert client.post(f"{url}dinh-danh/", {"method": "paper", "number": ""})["Location"] == "/ban-hang/dang-ky/"
    application.refresh_from_db()
    assert application.method == "paper"

    # Who no longer owns the cooperative has no business with its papers.
    Membership.objects.update(role="seller")
    assert client.get(f"{url}dinh-danh/").status_code == 404
    assert client.get(f"{url}tep/{application.files.get().pk}/").status_code == 404


def test_a_cooperative_that_never_applied(client):
    cooperative = cooperative_make()
    owner = applicant_make()
    Membership.objects.create(cooperative=cooperative, user=owner, role="owner")
    client.force_login(owner)
    assert client.get("/ban-hang/dang-ky/").context["application"] is None
    for _twice in range(2):
        answer = client.post("/ban-hang/dang-ky/ho-so/")
    dossier = Application.objects.get()
    assert answer["Location"] == f"/ban-hang/dang-ky/{dossier.pk}/giay-to/"
    assert (dossier.state, dossier.cooperative, dossier.name) == ("approved", cooperative, cooperative.name)
    assert client.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize("role", ["seller", "packer", "accountant"])
def test_others_of_the_cooperative_do_not_see_them(client, role):
    cooperative = cooperative_make()
    person = User.objects.create_user(phone="+84944000001")
    Membership.objects.create(cooperative=cooperative, user=person, role=role)
    client.force_login(person)
    assert client.get("/ban-hang/dang-ky/").status_code == 403
    assert client.post("/ban-hang/dang-ky/ho-so/").status_code == 404
    assert client.post("/ban-hang/dang-ky/bat-dau/").status_code == 303
    assert Application.objects.get().applicant == person


def test_each_page_costs_the_same_few_queries(client, django_assert_max_num_queries):
    application = application_make()
    client.force_login(application.applicant)
    with django_assert_max_num_queries(9):
        client.get(f"/ban-hang/dang-ky/{application.pk}/")
