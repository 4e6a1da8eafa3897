"""The cash that carriers have, what they bring, and who may pay in cash."""

import uuid

import pytest

from shop.audit.models import AuditEntry
from shop.cooperatives.services import cooperative_cash_set
from shop.payment.cod.models import CashEntry
from shop.payment.cod.provider import CashOnDelivery
from shop.payment.cod.services import carrier_balances, cash_hand_over

pytestmark = pytest.mark.django_db

LEDGER, SETTINGS = "/ban-hang/tien-mat/", "/ban-hang/tien-mat/cai-dat/"
CARRIER = "Xe Phương Trang"


def brought(**changes):
    return {"carrier": CARRIER, "amount": "200.000", "fee": "", "reference": "", "key": str(uuid.uuid4())} | changes


def entries():
    rows = CashEntry.objects.exclude(kind="collected").order_by("pk")
    return list(rows.values_list("carrier", "kind", "amount", "reference"))


def owes(cooperative, carrier=CARRIER):
    return {row.carrier: row.owes for row in carrier_balances(cooperative)}.get(carrier, 0)


def error_of(answer):
    return {name: list(errors) for name, errors in answer.context["form"].errors.items()}


def test_each_carrier_with_its_sums(person, cooperative, neighbour, delivered):
    delivered(cooperative)
    delivered(cooperative)
    delivered(cooperative, "Anh Tư")
    delivered(neighbour, "Xe nhà bên")
    cash_hand_over(cooperative=cooperative, carrier=CARRIER, amount=300_000, fee=20_000, key="1", by="x")
    page = person(cooperative).get(LEDGER)
    rows = [(row.carrier, row.collected, row.handed_over, row.fee, row.owes) for row in page.context["balances"]]
    assert rows == [("Anh Tư", 220_000, 0, 0, 220_000), (CARRIER, 440_000, 300_000, 20_000, 120_000)]
    assert page.context["owed"] == 340_000
    assert len(page.context["entries"]) == 5
    text = page.content.decode()
    assert "340.000" in text
    assert "Xe nhà bên" not in text


def test_nothing_yet(person, cooperative):
    page = person(cooperative).get(LEDGER)
    assert page.context["balances"] == []
    assert 'name="amount"' not in page.content.decode()


def test_a_carrier_brings_cash_and_keeps_a_fee(person, cooperative, delivered):
    delivered(cooperative)
    client = person(cooperative, "accountant")
    page = client.get(LEDGER).content.decode()
    assert 'name="key"' in page
    answer = client.post(LEDGER, brought(amount="205.000 đ", fee="15000", reference="BN 12"))
    assert (answer.status_code, answer["Location"]) == (303, LEDGER)
    assert entries() == [(CARRIER, "handed_over", 205_000, "BN 12"), (CARRIER, "fee", 15_000, "BN 12")]
    assert set(CashEntry.objects.exclude(kind="collected").values_list("by", flat=True)) == {client.user.phone}
    assert owes(cooperative) == 0


def test_a_double_click_counts_once(person, cooperative, delivered):
    delivered(cooperative)
    client = person(cooperative)
    data = brought(amount="220.000")
    for _ in range(2):
        assert client.post(LEDGER, data).status_code == 303
    assert entries() == [(CARRIER, "handed_over", 220_000, "")]
    assert AuditEntry.objects.filter(action="cash.handed_over").count() == 1


def test_a_page_that_was_used_before_says_so(person, cooperative, delivered):
    delivered(cooperative)
    client = person(cooperative)
    data = brought(amount="50.000")
    client.post(LEDGER, data)
    answer = client.post(LEDGER, data | {"amount": "60.000"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert 'value="60.000"' in page
    assert data["key"] not in page
    assert entries() == [(CARRIER, "handed_over", 50_000, "")]
    again = data | {"amount": "60.000", "key": str(answer.context["form"]["key"].value())}
    assert client.post(LEDGER, again).status_code == 303
    assert owes(cooperative) == 110_000


@pytest.mark.parametrize(("amount", "fee"), [("220.001", ""), ("220.000", "1"), ("1", "220.000"), ("9" * 19, "")])
def test_never_more_than_the_carrier_owes(person, cooperative, delivered, amount, fee):
    delivered(cooperative)
    answer = person(cooperative).post(LEDGER, brought(amount=amount, fee=fee))
    assert answer.status_code == 422
    assert set(error_of(answer)) == {"amount"}
    assert "220.000" in error_of(answer)["amount"][0]
    assert f'value="{amount}"' in answer.content.decode()
    assert entries() == []


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"amount": ""}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"amount": "-5"}, "amount"),
        ({"amount": "12,5"}, "amount"),
        ({"amount": "nhiều"}, "amount"),
        ({"fee": "-1"}, "fee"),
        ({"fee": "x"}, "fee"),
        ({"carrier": ""}, "carrier"),
        ({"carrier": "Xe lạ"}, "carrier"),
        ({"reference": "x" * 101}, "reference"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(person, cooperative, delivered, changes, wrong):
    delivered(cooperative)
    answer = person(cooperative).post(LEDGER, brought(**changes))
    assert (answer.status_code, set(error_of(answer))) == (422, {wrong})
    assert 'aria-invalid="true"' in answer.content.decode()
    assert entries() == []


@pytest.mark.parametrize("key", ["", "1", "x" * 500])
def test_a_page_without_its_key_gets_a_new_one(person, cooperative, delivered, key):
    delivered(cooperative)
    answer = person(cooperative).post(LEDGER, brought(key=key))
    assert answer.status_code == 422
    assert uuid.UUID(str(answer.context["form"]["key"].value()))
    assert 'value="200.000"' in answer.content.decode()
    assert entries() == []


def test_a_carrier_of_another_cooperative_brings_nothing_here(person, cooperative, neighbour, delivered):
    delivered(cooperative)
    delivered(neighbour, "Xe nhà bên")
    answer = person(cooperative).post(f"{LEDGER}?htx={neighbour.slug}", brought(carrier="Xe nhà bên"))
    assert (answer.status_code, set(error_of(answer))) == (422, {"carrier"})
    assert entries() == []


def test_two_cooperatives_may_use_the_same_key(person, cooperative, neighbour, delivered):
    delivered(cooperative)
    delivered(neighbour)
    data = brought()
    for place in (cooperative, neighbour):
        assert person(place).post(LEDGER, data).status_code == 303
    assert (owes(cooperative), owes(neighbour)) == (20_000, 20_000)


def test_packers_do_not_see_cash(person, cooperative, delivered):
    delivered(cooperative)
    packer = person(cooperative, "packer")
    assert packer.get(LEDGER).status_code == 403
    assert packer.post(LEDGER, brought()).status_code == 403
    assert entries() == []


def test_pages_of_the_ledger(person, cooperative, delivered, monkeypatch):
    monkeypatch.setattr("shop.seller.cash.views.PAGE_SIZE", 2)
    for _ in range(3):
        delivered(cooperative)
    assert len(person(cooperative).get(LEDGER, {"page": "2"}).context["entries"]) == 1


# -- Settings ------------------------------------------------------------------------------------------------------


def offers(cooperative, total):
    cooperative.refresh_from_db()
    return CashOnDelivery().availability(cooperative, total).ok


def test_the_owner_switches_cash_off_and_on(person, cooperative):
    owner = person(cooperative)
    assert "checked" in owner.get(SETTINGS).content.decode()
    answer = owner.post(SETTINGS, {"limit": ""})
    assert (answer.status_code, answer["Location"]) == (303, LEDGER)
    assert not offers(cooperative, 100_000)
    owner.post(SETTINGS, {"accepts": "on", "limit": "500.000"})
    assert (cooperative.accepts_cod, offers(cooperative, 500_000), offers(cooperative, 500_001)) == (False, True, False)
    assert cooperative.cod_limit == 500_000
    entry = AuditEntry.objects.filter(action="cooperative.cash").latest("pk")
    assert (entry.by, entry.scope) == (owner.user.phone, f"cooperative:{cooperative.pk}")
    assert (entry.before, entry.after) == ('{"accepts":false,"limit":null}', '{"accepts":true,"limit":500000}')


def test_the_limit_as_it_is_shown_can_be_sent_back(person, cooperative):
    owner = person(cooperative)
    owner.post(SETTINGS, {"accepts": "on", "limit": "1.500.000"})
    shown = owner.get(SETTINGS).context["form"]["limit"].value()
    owner.post(SETTINGS, {"accepts": "on", "limit": shown})
    cooperative.refresh_from_db()
    assert cooperative.cod_limit == 1_500_000
    assert AuditEntry.objects.filter(action="cooperative.cash").count() == 1


@pytest.mark.parametrize("limit", ["0", "-1", "3.000.001", "x", "1,5"])
def test_a_limit_that_cannot_be(person, cooperative, limit):
    answer = person(cooperative).post(SETTINGS, {"accepts": "", "limit": limit})
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"limit"})
    assert f'value="{limit}"' in answer.content.decode()
    cooperative.refresh_from_db()
    assert (cooperative.accepts_cod, cooperative.cod_limit) == (True, None)
    assert not AuditEntry.objects.filter(action="cooperative.cash").exists()


@pytest.mark.parametrize("role", ["seller", "accountant", "packer"])
def test_only_the_owner_sets_it(person, cooperative, role):
    client = person(cooperative, role)
    assert client.get(SETTINGS).status_code == 403
    assert client.post(SETTINGS, {"limit": ""}).status_code == 403
    cooperative.refresh_from_db()
    assert cooperative.accepts_cod


def test_setting_the_same_twice_is_one_step(cooperative):
    for _ in range(2):
        cooperative_cash_set(cooperative=cooperative, accepts=False, limit=None, by="x")
    assert AuditEntry.objects.filter(action="cooperative.cash").count() == 1
