import json
import socket
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import requests

from shop.payment.vietqr.feeds import http
from shop.payment.vietqr.feeds.base import FeedUnavailable
from shop.payment.vietqr.feeds.sepay import SePay, client
from shop.payment.vietqr.feeds.sepay.client import transactions_since
from tests.fakes.banks import FakeBanks, Reply, Transaction, sepay_hmac
from tests.unit.payment.vietqr.feeds.shapes import NO_ACCOUNT, NO_AMOUNT, NO_MOMENT, NO_TEXT, NOW, VIETNAM

ACCOUNT = "0123499999"
CREDENTIALS = {"api_token": "token"}
SINCE = NOW - timedelta(days=1)


class Time:
    """Seconds that pass only when somebody waits."""

    def __init__(self):
        self.now = 1000.0
        self.waits = []

    def __call__(self):
        return self.now

    def wait(self, seconds):
        self.waits.append(round(seconds, 3))
        self.now += seconds


@pytest.fixture
def time(monkeypatch):
    time = Time()
    monkeypatch.setattr(client, "clock", time)
    monkeypatch.setattr(client, "pause", time.wait)
    monkeypatch.setattr(client, "_pace", client.Pace())
    return time


@pytest.fixture
def banks(settings, time):
    with FakeBanks(clock=time) as banks:
        settings.SEPAY_API = banks.sepay_api
        yield banks


def transaction(minutes=0, **changes):
    return replace(
        Transaction(account=ACCOUNT, amount=345000, memo="OCOP7K3M9QZ", at=NOW + timedelta(minutes=minutes)), **changes
    )


def lines(**options):
    return list(transactions_since(**{"credentials": CREDENTIALS, "account": ACCOUNT, "since": SINCE, **options}))


def failure(**options):
    with pytest.raises(FeedUnavailable) as error:
        lines(**options)
    assert "Bearer" not in str(error.value)
    return error.value


def listed(*rows, page=1, more=False, **changes):
    """A page that holds these rows, as SePay would send it."""
    paging = {"total": len(rows), "per_page": 100, "current_page": page, "last_page": 1, "has_more": more}
    return Reply(200, {"status": "success", "data": list(rows), "meta": {"pagination": {**paging, **changes}}})


# --- What is told -------------------------------------------------------------------------------------------------


def test_nothing(banks):
    assert lines() == []


def test_both_ways_and_the_oldest_first(banks):
    banks.transactions = [
        transaction(5, amount=20000, incoming=False, memo="phí", reference="FT2"),
        transaction(0, virtual_account="VA001"),
    ]
    first, second = lines()
    assert (first.account, first.virtual_account, first.amount, first.incoming) == (ACCOUNT, "VA001", 345000, True)
    assert (first.memo, first.reference) == ("OCOP7K3M9QZ", "MBVCB.3278907687")
    assert first.occurred_at == NOW
    assert json.loads(first.raw) == banks.transactions[1].row()
    assert (second.amount, second.incoming, second.memo, second.reference) == (20000, False, "phí", "FT2")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"incoming": False},
        {"reference": "", "memo": "OCOP7K3M9QZ Trần Thị Bưởi"},
        {"virtual_account": "VA 001"},
        {"account": "0123.499-999", "amount": 1},
        {"at": NOW.astimezone(UTC)},
    ],
)
def test_the_webhook_and_the_list_name_a_movement_alike(banks, changes):
    banks.transactions = [transaction(**changes)]
    body = banks.transactions[0].webhook()
    notice = SePay().read(body=body, headers=sepay_hmac(body, "s", NOW), credentials={"hmac_secret": "s"}, now=NOW)
    (by_list,) = lines()
    assert notice.lines == (replace(by_list, raw=body.decode()),)


def test_other_accounts_are_left_out(banks):
    banks.transactions = [
        transaction(0, account="0999999999"),
        transaction(1),
        transaction(2, account="01234999990"),
        transaction(3, account="0999999999", virtual_account=ACCOUNT),
    ]
    assert [line.occurred_at for line in lines()] == [NOW + timedelta(minutes=1), NOW + timedelta(minutes=3)]
    assert len(lines(account="0123 499-999")) == 2


def test_what_is_asked(banks):
    lines(since=datetime(2026, 11, 23, 20, 30, 1, tzinfo=UTC))
    query = {
        "transaction_date_from": "2026-11-24 03:30:01",
        "transaction_date_sort": "asc",
        "page": "1",
        "per_page": "100",
    }
    assert banks.asked == [("/v2/transactions", query)]


def test_the_first_second_counts(banks):
    banks.transactions = [transaction(0), transaction(-1)]
    assert [line.occurred_at for line in lines(since=NOW)] == [NOW]


def test_rows_without_money_are_left_out(banks):
    banks.replies.append(listed({**transaction().row(), "amount_in": 0}, transaction(1).row()))
    assert [line.occurred_at for line in lines()] == [NOW + timedelta(minutes=1)]


def test_iso_times(banks):
    banks.replies.append(listed({**transaction().row(), "transaction_date": "2026-11-24T09:02:37+07:00"}))
    assert lines()[0].occurred_at == datetime(2026, 11, 24, 9, 2, 37, tzinfo=VIETNAM)


# --- Pages and pace -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "pages"), [(99, 1), (100, 1), (101, 2), (250, 3)])
def test_pages(banks, count, pages):
    banks.transactions = [transaction(minute, reference=f"FT{minute}") for minute in range(count)]
    found = lines()
    assert [line.reference for line in found] == [f"FT{minute}" for minute in range(count)]
    assert len({line.foreign_id for line in found}) == count
    assert [asked["page"] for _path, asked in banks.asked] == [str(page) for page in range(1, pages + 1)]


def test_pages_are_asked_for_when_they_are_needed(banks):
    banks.transactions = [transaction(minute) for minute in range(250)]
    found = transactions_since(credentials=CREDENTIALS, account=ACCOUNT, since=SINCE)
    assert banks.asked == []
    for _line in range(100):
        next(found)
    assert len(banks.asked) == 1
    next(found)
    assert len(banks.asked) == 2


def test_never_too_fast(banks, time):
    banks.transactions = [transaction(minute) for minute in range(950)]
    assert len(lines()) == 950
    assert len(banks.asked) == 10
    assert time.waits == [0.4] * 9


def test_without_the_pace_it_would_be_too_fast(banks, time, monkeypatch):
    """The fake does count: the test above can fail."""
    monkeypatch.setattr(client, "INTERVAL", 0)
    banks.transactions = [transaction(minute) for minute in range(950)]
    assert len(lines()) == 950
    assert len(banks.asked) == 13
    assert time.waits == [1] * 3


def test_all_threads_share_one_pace(time, monkeypatch):
    """At one moment: each of the calls gets a turn of its own."""
    waits = []
    monkeypatch.setattr(client, "pause", waits.append)
    threads = [threading.Thread(target=client._pace.wait) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(waits) == pytest.approx([client.INTERVAL * turn for turn in range(1, 8)])


def too_many(**headers):
    return Reply(429, {"status": "error"}, {name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize(
    ("told", "waited"), [("2", 2), ("10", 10), ("0", 1), ("", 1), ("soon", 1), ("-5", 1), ("1.5", 1), ("９", 1)]
)
def test_waits_as_told(banks, time, told, waited):
    banks.transactions = [transaction()]
    banks.replies.append(too_many(Retry_After=told.encode().decode("latin-1")))
    assert len(lines()) == 1
    assert waited in time.waits
    assert len(banks.asked) == 2


def test_waits_without_being_told_how_long(banks, time):
    banks.replies.append(too_many())
    assert lines() == []
    assert 1 in time.waits


def test_gives_up_after_three_times(banks, time):
    banks.replies.extend([too_many(Retry_After="3")] * 5)
    error = failure()
    assert (error.code, error.retry_after) == ("rate", 3)
    assert len(banks.asked) == 3
    assert time.waits.count(3) == 2


@pytest.mark.parametrize(("told", "kept"), [("11", 11), ("3600", 3600), ("999999999", 86400)])
def test_gives_up_when_told_to_wait_long(banks, time, told, kept):
    banks.replies.append(too_many(Retry_After=told))
    error = failure()
    assert (error.code, error.retry_after) == ("rate", kept)
    assert len(banks.asked) == 1
    assert time.waits == []


# --- Credentials --------------------------------------------------------------------------------------------------


def test_a_wrong_token(banks):
    banks.transactions = [transaction()]
    assert failure(credentials={"api_token": "other"}).code == "credentials"


@pytest.mark.parametrize("token", [None, "", " ", "a b", "tokén", "a\nX-Other: 1", "a\r\n", "\x00", "\x7f", "\ud800"])
def test_a_token_that_fits_no_header_is_not_sent(banks, token):
    assert failure(credentials={"api_token": token}).code == "credentials"
    assert failure(credentials={"api_key": "token"}).code == "credentials"
    assert banks.asked == []


def test_a_netrc_does_not_replace_the_token(banks, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    banks.transactions = [transaction()]
    assert len(lines()) == 1


# --- Bad answers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(401, {}), "credentials"),
        (Reply(403, {}), "credentials"),
        (Reply(404, {}), "answer"),
        (Reply(422, {"error_code": "validation_failed"}), "answer"),
        (Reply(204, b""), "answer"),
        (Reply(500, {}), "unreachable"),
        (Reply(503, b"<html>"), "unreachable"),
        (Reply(200, b""), "answer"),
        (Reply(200, b"<html>"), "answer"),
        (Reply(200, b"\xff\xfe"), "answer"),
        (Reply(200, b"[" * 100_000), "answer"),
        (Reply(200, b'{"status":"success","status":"success"}'), "answer"),
        (Reply(200, []), "answer"),
        (Reply(200, None), "answer"),
        (Reply(200, {"status": "success", "data": []}), "answer"),
        (Reply(200, {"status": "success", "data": [], "meta": []}), "answer"),
        (Reply(200, {"status": "success", "data": [], "meta": {"pagination": None}}), "answer"),
        (Reply(200, {**listed().body, "status": "error"}), "answer"),
        (Reply(200, {**listed().body, "data": {}}), "answer"),
        (Reply(200, {**listed().body, "data": None}), "answer"),
        (listed(*[transaction().row()] * 101), "answer"),
        (listed(None), "answer"),
        (listed("x"), "answer"),
        (listed([]), "answer"),
        (listed({}), "answer"),
        (listed(more=True), "answer"),
        (listed(more="yes"), "answer"),
        (listed(more=None), "answer"),
        (listed(page=2), "answer"),
        (listed(current_page="1"), "answer"),
    ],
)
def test_other_answers(banks, reply, code):
    banks.replies.append(reply)
    assert failure().code == code
    assert len(banks.asked) == 1


@pytest.mark.parametrize(
    ("name", "literals"),
    [
        ("amount_in", [*(literal for literal in NO_AMOUNT if literal not in ("0", "0.0", "-0")), "-1"]),
        ("amount_out", ["1", "345000", "-1", "null", '"0"', "true"]),
        ("transfer_type", ['"out"', '"IN"', "1", "true", "[]"]),
        ("transaction_date", NO_MOMENT),
        ("account_number", NO_ACCOUNT),
        ("va", [*NO_TEXT, '"VA/1"']),
        ("transaction_content", NO_TEXT),
        ("reference_number", NO_TEXT),
        ("id", [*NO_TEXT, "null", '""']),
    ],
)
def test_bad_parts(banks, name, literals):
    for literal in literals:
        page = json.dumps(listed({**transaction().row(), name: "@"}).body).replace('"@"', literal)
        banks.replies.append(Reply(200, page.encode()))
        assert failure().code == "answer"


def test_one_bad_row_gives_nothing_of_its_page(banks):
    banks.replies.append(listed(transaction().row(), {**transaction(1).row(), "amount_in": "x"}))
    found = transactions_since(credentials=CREDENTIALS, account=ACCOUNT, since=SINCE)
    with pytest.raises(FeedUnavailable):
        next(found)


def test_what_came_before_the_trouble_is_good(banks):
    banks.replies.extend([listed(transaction().row(), more=True), Reply(500, {})])
    found = transactions_since(credentials=CREDENTIALS, account=ACCOUNT, since=SINCE)
    assert next(found).amount == 345000
    with pytest.raises(FeedUnavailable):
        next(found)


def test_a_list_without_end(banks, monkeypatch):
    monkeypatch.setattr(client, "MAX_PAGES", 4)
    banks.replies.extend(listed(transaction().row(), page=page, more=True) for page in range(1, 10))
    assert failure().code == "answer"
    assert len(banks.asked) == 4


def test_a_huge_answer(banks):
    whole = json.dumps(listed(transaction().row()).body).encode()
    banks.replies.extend(Reply(200, whole.ljust(size)) for size in (http.MAX_ANSWER, http.MAX_ANSWER + 1))
    assert len(lines()) == 1
    assert failure().code == "answer"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(banks, status):
    banks.replies.append(Reply(status, {}, {"Location": f"{banks.url}/v2/transactions"}))
    assert failure().code == "answer"
    assert len(banks.asked) == 1


def test_nobody_there(settings, time):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.SEPAY_API = f"http://127.0.0.1:{free.getsockname()[1]}"
        assert failure().code == "unreachable"


def test_no_answer_in_time(banks, monkeypatch):
    monkeypatch.setattr(http, "TIMEOUT", (1, 0.1))
    banks.awake.clear()
    assert failure().code == "unreachable"


def test_an_answer_that_drips(banks, monkeypatch):
    monkeypatch.setattr(http, "DEADLINE", -1)
    assert failure().code == "unreachable"


def test_a_cut_answer(banks):
    banks.replies.append(Reply(200, b"{}", {"Content-Length": "100"}))
    assert failure().code == "unreachable"


@pytest.mark.parametrize("error", [requests.ConnectionError, requests.Timeout, requests.TooManyRedirects, OSError])
def test_trouble_below(time, error):
    def broken(_url, **_options):
        raise error("Bearer token")

    assert failure(get=broken).code == "unreachable"


def test_the_caller_may_bring_the_way_to_ask(banks):
    seen = []

    def get(url, **options):
        seen.append((url, options["timeout"], options["allow_redirects"], options["params"]["page"]))
        return requests.get(url, **options)

    banks.transactions = [transaction()]
    assert len(lines(get=get)) == 1
    assert seen == [(f"{banks.sepay_api}/transactions", http.TIMEOUT, False, 1)]
