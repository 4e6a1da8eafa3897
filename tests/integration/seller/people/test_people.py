"""The owner says who works here; everybody else looks."""

import pytest

from shop.accounts.models import User
from shop.cooperatives.models import Membership
from shop.messaging.models import Message
from shop.seller.accounts.proof import SESSION_KEY
from shop.team.models import Invitation
from shop.team.services import invitation_send

pytestmark = pytest.mark.django_db
URL = "/ban-hang/nguoi/"
PHONE = "+84912345678"


@pytest.fixture
def owner(client, cooperative, member):
    person = member(cooperative, "owner", password="mat-khau-dai-01")
    client.force_login(person)
    return person


def prove(client, person):
    from django.utils import timezone

    session = client.session
    session[SESSION_KEY] = {"user": person.pk, "at": timezone.now().timestamp()}
    session.save()


def test_the_list(client, cooperative, neighbour, member, owner, django_assert_max_num_queries):
    for role in ("packer", "seller", "accountant", "packer"):
        member(cooperative, role)
    stranger = member(neighbour, "owner")
    invitation_send(cooperative=cooperative, phone=PHONE, role="packer", user=owner, by=owner.phone)
    invitation_send(cooperative=neighbour, phone="+84912345670", role="packer", user=stranger, by="x")
    client.get(URL)
    with django_assert_max_num_queries(9):
        answer = client.get(URL)
    page = answer.content.decode()
    assert [row["member"].role for row in answer.context["members"]] == [
        "owner", "seller", "packer", "packer", "accountant"
    ]  # fmt: skip
    assert "0912 345 678" in page
    assert "0912 345 670" not in page
    assert stranger.display_phone not in page


def test_colleagues_look_only(client, cooperative, member, owner):
    invitation_send(cooperative=cooperative, phone=PHONE, role="packer", user=owner, by=owner.phone)
    client.force_login(member(cooperative, "packer"))
    page = client.get(URL).content.decode()
    assert "0912 345 678" not in page
    assert f"{URL}moi/" not in page
    assert client.post(f"{URL}moi/", {"phone": PHONE, "role": "owner"}).status_code == 403
    assert Invitation.objects.count() == 1


def test_inviting_a_packer(client, cooperative, owner):
    answer = client.post(f"{URL}moi/", {"phone": "0912 345 678", "role": "packer"})
    assert (answer.status_code, answer["Location"]) == (303, URL)
    row = Invitation.objects.get()
    assert (row.cooperative, row.phone, row.role, row.invited_by) == (cooperative, PHONE, "packer", owner)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"phone": "123", "role": "packer"}, "phone"),
        ({"phone": "a@example.vn", "role": "packer"}, "phone"),
        ({"phone": PHONE, "role": "king"}, "role"),
        ({"phone": PHONE}, "role"),
    ],
)
def test_what_was_typed_wrong_is_said_beside_it(client, owner, data, field):
    answer = client.post(f"{URL}moi/", data)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("role", ["owner", "accountant"])
def test_trusted_roles_need_the_proof(client, owner, role):
    answer = client.post(f"{URL}moi/", {"phone": "0912345678", "role": role})
    assert answer.status_code == 303
    assert answer["Location"].startswith("/ban-hang/xac-nhan/?next=")
    assert not Invitation.objects.exists()
    # After the password the form stands there again, filled in.
    back = client.post(answer["Location"], {"password": "mat-khau-dai-01"})
    assert back["Location"] == f"{URL}moi/?phone=%2B84912345678&role={role}"
    assert "+84912345678" in client.get(back["Location"]).content.decode()
    assert client.post(f"{URL}moi/", {"phone": "0912345678", "role": role})["Location"] == URL
    assert Invitation.objects.get().role == role


def test_changing_a_role(client, cooperative, member, owner):
    colleague = member(cooperative, "packer").memberships.get()
    assert client.get(f"{URL}{colleague.pk}/").status_code == 200
    assert client.post(f"{URL}{colleague.pk}/", {"role": "seller"})["Location"] == URL
    colleague.refresh_from_db()
    assert colleague.role == "seller"
    answer = client.post(f"{URL}{colleague.pk}/", {"role": "owner"})
    assert "xac-nhan" in answer["Location"]
    colleague.refresh_from_db()
    assert colleague.role == "seller"
    prove(client, owner)
    client.post(f"{URL}{colleague.pk}/", {"role": "owner"})
    colleague.refresh_from_db()
    assert colleague.role == "owner"
    assert client.post(f"{URL}{colleague.pk}/", {"role": "x"}).status_code == 422


def test_the_last_owner_cannot_leave(client, owner):
    mine = owner.memberships.get()
    prove(client, owner)
    assert client.post(f"{URL}{mine.pk}/", {"role": "packer"}).status_code == 409
    assert client.post(f"{URL}{mine.pk}/xoa/").status_code == 409
    mine.refresh_from_db()
    assert mine.role == "owner"


def test_removing(client, cooperative, member, owner):
    person = member(cooperative, "packer")
    pk = person.memberships.get().pk
    assert client.get(f"{URL}{pk}/xoa/").status_code == 200
    assert Membership.objects.filter(pk=pk).exists()
    assert client.post(f"{URL}{pk}/xoa/")["Location"] == URL
    assert not Membership.objects.filter(pk=pk).exists()
    assert client.post(f"{URL}{pk}/xoa/").status_code == 404


def test_a_neighbours_people_do_not_exist(client, neighbour, member, owner):
    theirs = member(neighbour, "packer").memberships.get()
    row = invitation_send(cooperative=neighbour, phone=PHONE, role="packer", user=theirs.user, by="x")
    prove(client, owner)
    for url in (f"{URL}{theirs.pk}/", f"{URL}{theirs.pk}/xoa/", f"/ban-hang/loi-moi/{row.pk}/rut/"):
        assert client.post(url, {"role": "owner"}).status_code == 404
    theirs.refresh_from_db()
    row.refresh_from_db()
    assert (theirs.role, row.state) == ("packer", "open")


def test_withdrawing(client, cooperative, owner):
    row = invitation_send(cooperative=cooperative, phone=PHONE, role="packer", user=owner, by=owner.phone)
    url = f"/ban-hang/loi-moi/{row.pk}/rut/"
    assert client.get(url).status_code == 405
    assert client.post(url)["Location"] == URL
    assert client.post(url).status_code == 409
    row.refresh_from_db()
    assert row.state == "withdrawn"


# -- The invited person ------------------------------------------------------------------------------------------


@pytest.fixture
def link(cooperative, owner, client):
    invitation_send(cooperative=cooperative, phone=PHONE, role="packer", user=owner, by=owner.phone)
    client.logout()
    return "/ban-hang/loi-moi/" + Message.objects.get(kind="invitation").body.rsplit("/loi-moi/", 1)[1]


def test_strangers_sign_in_first_and_come_back(client, link):
    answer = client.get(link)
    assert answer["Location"].endswith(f"?next={link}")


def test_accepting(client, cooperative, link):
    person = User.objects.create_user(phone=PHONE, phone_verified=True)
    client.force_login(person)
    assert client.get("/ban-hang/").status_code == 403
    page = client.get(link).content.decode()
    assert cooperative.name in page
    for _ in range(2):
        assert client.post(link)["Location"] == "/ban-hang/"
    assert person.memberships.get().role == "packer"
    assert client.get("/ban-hang/").context["cooperative"] == cooperative
    assert client.get(link).status_code == 409


@pytest.mark.parametrize(
    ("phone", "verified", "state", "status"),
    [
        ("+84912345670", True, "open", 403),
        (PHONE, False, "open", 403),
        (PHONE, True, "withdrawn", 409),
        (PHONE, True, "accepted", 409),
    ],
)
def test_what_stands_in_the_way_is_said(client, cooperative, link, phone, verified, state, status):
    Invitation.objects.update(state=state)
    client.force_login(User.objects.create_user(phone=phone, phone_verified=verified))
    for method in (client.get, client.post):
        answer = method(link)
        assert answer.status_code == status
        assert answer.context["problem"]
        assert cooperative.name not in answer.content.decode()
    assert cooperative.memberships.count() == 1


def test_a_wrong_secret(client, cooperative):
    client.force_login(User.objects.create_user(phone=PHONE, phone_verified=True))
    assert client.get("/ban-hang/loi-moi/khong-co/").status_code == 404
    assert client.post("/ban-hang/loi-moi/khong-co/").status_code == 404
