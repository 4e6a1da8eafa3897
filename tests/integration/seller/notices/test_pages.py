"""The cooperative's page about messages."""

import pytest

from shop.audit.models import AuditEntry
from shop.notices.models import CooperativeNotices, StaffNotices
from shop.notices.texts import KINDS

pytestmark = pytest.mark.django_db
URL = "/ban-hang/tin-nhan/"
GOOD = {"channel": "sms", "is_unmarked": "on", "on": ["accepted", "packed"], "hours": ["7", "16"]}


def test_choices_are_kept_with_the_name_of_who_chose(owner_client, cooperative):
    for _ in range(2):
        answer = owner_client.post(URL + "luu/", GOOD)
        assert (answer.status_code, answer["Location"]) == (303, URL)
    row = CooperativeNotices.objects.get()
    assert (row.channel, row.is_unmarked, row.digest_hours) == ("sms", True, [7, 16])
    assert row.sends(KINDS["packed"])
    assert row.sends(KINDS["accepted"])
    assert not row.sends(KINDS["delivered"])
    assert row.sends(KINDS["money_received"])
    assert AuditEntry.objects.filter(action="notices.set").count() == 1


@pytest.mark.parametrize("change", [{"channel": "fax"}, {"channel": ""}, {"on": ["money_received"]}, {"hours": ["3"]}])
def test_bad_choices_change_nothing(owner_client, change):
    assert owner_client.post(URL + "luu/", GOOD | change).status_code == 422
    assert not CooperativeNotices.objects.exists()


def test_each_person_for_themselves(client, cooperative, member):
    person = member(cooperative, "packer")
    client.force_login(person)
    assert "luu/" not in client.get(URL).content.decode()
    assert client.post(URL + "luu/", GOOD).status_code == 403
    assert not CooperativeNotices.objects.exists()
    assert client.post(URL + "cua-toi/", {"when": "never"}).status_code == 303
    assert client.post(URL + "cua-toi/", {"when": "later"}).status_code == 422
    assert StaffNotices.objects.get().when == "never"
    assert StaffNotices.objects.get().membership.user == person


def test_every_message_can_be_read_in_both_languages(owner_client):
    answer = owner_client.get(URL + "mau/")
    rows = answer.context["rows"]
    assert [row["kind"].code for row in rows] == list(KINDS)
    for row in rows:
        assert [sample.language for sample in row["texts"]] == ["vi", "en"]
        assert all("%(" not in sample.text for sample in row["texts"])
    assert not rows[0]["texts"][0].size.is_gsm
    owner_client.post(URL + "luu/", GOOD)
    rows = owner_client.get(URL + "mau/").context["rows"]
    assert all(sample.size.is_gsm for row in rows for sample in row["texts"])
