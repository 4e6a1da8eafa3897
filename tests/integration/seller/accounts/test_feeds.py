"""Services that report on an account: connected by the owner, their keys never shown again."""

import json

import pytest
from django.utils import timezone

from shop.audit.models import AuditEntry
from shop.payment.vietqr.models import BankFeed, BankLine
from shop.payment.vietqr.services import feed_credentials, numbers_of
from tests.integration.seller.accounts.conftest import HOME

pytestmark = pytest.mark.django_db

FEEDS = f"{HOME}bao-co/"
SECRET = "spsk_live_very_secret_123"


def url(code="sepay", step=""):
    return f"{FEEDS}{code}/" + (f"{step}/" if step else "")


def feed_of(cooperative, code="sepay"):
    return cooperative.bank_feeds.filter(code=code, is_active=True).first()


@pytest.fixture
def feed(owner, cooperative):
    """SePay, with a signing secret."""
    owner.post(url(step="bat-dau"))
    owner.post(url(step="khoa"), {"hmac_secret": SECRET})
    return feed_of(cooperative)


@pytest.mark.parametrize("role", ["seller", "packer", "accountant"])
def test_only_the_owner_connects_services(person, cooperative, role):
    client = person(cooperative, role, proven=role != "packer")
    assert client.get(FEEDS).status_code == 403
    assert client.get(url()).status_code == 403
    for step in ("bat-dau", "khoa", "so-ao", "ngat"):
        assert client.post(url(step=step), {"hmac_secret": SECRET}).status_code == 403
    assert not BankFeed.objects.exists()


@pytest.mark.parametrize("code", ["sepay", "payos", "casso"])
def test_each_service_is_explained_and_connected(owner, cooperative, settings, code):
    settings.SITE_URL = "https://cho.example.vn"
    assert url(code) in owner.get(FEEDS).content.decode()
    assert "/webhooks/" not in owner.get(url(code)).content.decode()
    for _ in range(2):
        answer = owner.post(url(code, "bat-dau"))
        assert (answer.status_code, answer["Location"]) == (303, url(code))
    feed = BankFeed.objects.get()
    address = f"https://cho.example.vn/webhooks/{code}/{feed.token}/"
    page = owner.get(url(code)).content.decode()
    assert f'data-copy="{address}"' in page
    assert page.count("<li>") >= 3
    assert owner.get(url(code)).context["is_ready"] is False


def test_an_unknown_service_does_not_exist(owner):
    assert owner.get(url("vietinbank")).status_code == 404
    assert owner.post(url("vietinbank", "bat-dau")).status_code == 404
    assert not BankFeed.objects.exists()


def test_a_call_is_not_believed_before_a_key_is_here(owner, client, cooperative):
    owner.post(url(step="bat-dau"))
    answer = client.post(f"/webhooks/sepay/{feed_of(cooperative).token}/", b"{}", content_type="application/json")
    assert answer.status_code == 401
    assert not BankLine.objects.exists()


def test_keys_are_kept_sealed_and_never_shown(owner, feed):
    assert feed_credentials(feed)["hmac_secret"] == SECRET
    assert SECRET not in feed.sealed
    page = owner.get(url())
    assert page.context["is_ready"] is True
    assert SECRET not in page.content.decode()
    assert SECRET not in owner.get(FEEDS).content.decode()
    assert SECRET not in json.dumps(list(AuditEntry.objects.values("before", "after")))


def test_empty_fields_keep_the_old_keys(owner, feed, cooperative):
    token = feed.token
    owner.post(url(step="khoa"), {"hmac_secret": "", "api_token": "read-only"})
    kept = feed_of(cooperative)
    assert kept.token == token
    assert feed_credentials(kept) == {"hmac_secret": SECRET, "api_key": "", "api_token": "read-only"}
    owner.post(url(step="khoa"), {"hmac_secret": "another"})
    assert feed_credentials(feed_of(cooperative))["hmac_secret"] == "another"
    assert feed_credentials(feed_of(cooperative))["api_token"] == "read-only"


@pytest.mark.parametrize("typed", ["two words", "mật-khẩu", "x" * 501, "a\x00b"])
def test_a_key_that_is_none_is_refused(owner, feed, cooperative, typed):
    answer = owner.post(url(step="khoa"), {"hmac_secret": typed})
    assert answer.status_code == 422
    assert typed not in answer.content.decode()
    assert feed_credentials(feed_of(cooperative))["hmac_secret"] == SECRET


def test_no_key_at_all_is_refused(owner, cooperative):
    owner.post(url(step="bat-dau"))
    answer = owner.post(url(step="khoa"), {})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert feed_credentials(feed_of(cooperative)) == {}


def test_what_is_no_secret_is_shown(owner, cooperative):
    owner.post(url("payos", "bat-dau"))
    owner.post(url("payos", "khoa"), {"client_id": "client-77", "api_key": "k1", "checksum_key": "c1"})
    page = owner.get(url("payos")).content.decode()
    assert 'value="client-77"' in page
    assert 'value="c1"' not in page


def test_virtual_numbers_join_the_accounts_that_receive(owner, feed, cooperative):
    answer = owner.post(url(step="so-ao"), {"numbers": " 96247 ABC; 9624.7DEF,96247ABC "})
    assert answer.status_code == 303
    assert feed_of(cooperative).virtual_accounts == "96247ABC,96247DEF"
    assert {"96247ABC", "96247DEF"} < numbers_of(cooperative.pk)
    assert feed_credentials(feed_of(cooperative))["hmac_secret"] == SECRET
    owner.post(url(step="so-ao"), {"numbers": ""})
    assert feed_of(cooperative).virtual_accounts == ""


@pytest.mark.parametrize("typed", ["<script>", "12", "1" * 31, ",".join(f"96247{n:06d}" for n in range(30))])
def test_a_virtual_number_that_is_none_is_refused(owner, feed, cooperative, typed):
    answer = owner.post(url(step="so-ao"), {"numbers": typed})
    assert answer.status_code == 422
    assert "<script>alert" not in answer.content.decode()
    assert feed_of(cooperative).virtual_accounts == ""


def test_when_it_was_heard(owner, feed):
    assert owner.get(url()).context["feed"].last_heard_at is None
    BankFeed.objects.update(last_heard_at=timezone.now() - timezone.timedelta(minutes=3))
    for page in (owner.get(f"/en{url()}"), owner.get(f"/en{FEEDS}")):
        assert "3\xa0minutes" in page.content.decode()


def test_disconnecting_forgets_the_keys_and_closes_the_address(owner, client, feed, cooperative):
    for _ in range(2):
        answer = owner.post(url(step="ngat"))
        assert (answer.status_code, answer["Location"]) == (303, FEEDS)
    feed.refresh_from_db()
    assert (feed.is_active, feed.sealed) == (False, "")
    address = f"/webhooks/sepay/{feed.token}/"
    assert client.post(address, b"{}", content_type="application/json").status_code == 404
    owner.post(url(step="bat-dau"))
    assert feed_of(cooperative).token != feed.token
    assert AuditEntry.objects.filter(action="feed.disconnected").count() == 1


def test_keys_sealed_with_a_lost_key_are_asked_for_again(owner, feed):
    BankFeed.objects.update(sealed="not ours")
    page = owner.get(url())
    assert (page.status_code, page.context["is_ready"]) == (200, False)
    assert owner.post(url(step="khoa"), {"hmac_secret": "new"}).status_code == 303
    feed.refresh_from_db()
    assert feed_credentials(feed)["hmac_secret"] == "new"


def test_a_neighbour_has_a_page_of_its_own(person, feed, neighbour):
    client = person(neighbour, proven=True)
    page = client.get(url(), {"htx": feed.cooperative.slug})
    assert page.context["feed"] is None
    assert feed.token not in page.content.decode()
    client.post(url(step="ngat"))
    feed.refresh_from_db()
    assert feed.is_active
