"""Casso publishes one signed call (``vectors.json``, "published"); the other vectors were made with Node's own JSON and
HMAC, and the helper ``casso_sign`` signs with Python's: three writers that are not the code under test."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shop.payment.vietqr.feeds.base import Notice
from shop.payment.vietqr.feeds.casso import Casso
from tests.fakes.banks import casso_sign
from tests.unit.payment.vietqr.feeds.shapes import (
    NO_ACCOUNT,
    NO_AMOUNT,
    NO_MOMENT,
    NO_OBJECT,
    NO_TEXT,
    NOT_JSON,
    NOT_UTF_8,
    NOW,
    PRINTED_DIFFERENTLY,
    VIETNAM,
    refusal,
    with_literal,
)

VECTORS = {
    vector["name"]: vector
    for vector in json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))
}
KEY = "test-checksum-key"
SIGNED = {"checksum_key": KEY}
TOKEN = {"secure_token": "the-token"}
ROW = {
    "id": 7001,
    "reference": "FT26328001",
    "description": "OCOP7K3M9QZ chuyen khoan",
    "amount": 345000,
    "runningBalance": 19077000,
    "transactionDateTime": "2026-11-24 09:02:37",
    "accountNumber": "0123499999",
    "bankName": "Vietcombank",
    "bankAbbreviation": "VCB",
    "virtualAccountNumber": "",
    "virtualAccountName": "",
    "counterAccountName": "NGUYEN VAN A",
    "counterAccountNumber": "9876543210",
    "counterAccountBankId": "970415",
    "counterAccountBankName": "VietinBank",
}
OLDER_ROW = {
    "id": 6789,
    "tid": "BANK_REF_ID",
    "description": "OCOP7K3M9QZ chuyen khoan",
    "amount": 345000,
    "cusum_balance": 44451,
    "when": "2026-11-24 09:02:37",
    "bank_sub_acc_id": "0123499999",
}


def body_of(row) -> bytes:
    return json.dumps({"error": 0, "data": row}, ensure_ascii=False).encode()


def read(body=None, headers=None, credentials=SIGNED, now=NOW) -> Notice:
    body = body_of(ROW) if body is None else body
    headers = casso_sign(body, KEY, now) if headers is None else headers
    return Casso().read(body=body, headers=headers, credentials=credentials, now=now)


def refused(body=None, headers=None, credentials=SIGNED, now=NOW):
    body = body_of(ROW) if body is None else body
    headers = casso_sign(body, KEY, now) if headers is None else headers
    return refusal(Casso(), body=body, headers=headers, credentials=credentials, now=now)


def refused_row(name, literal):
    return refused(b'{"error":0,"data":' + with_literal(ROW, name, literal) + b"}")


def read_older(*rows) -> Notice:
    return read(body_of(list(rows)), {"secure-token": "the-token"}, TOKEN)


def refused_older(body, headers=None):
    return refused(body, {"secure-token": "the-token"} if headers is None else headers, TOKEN)


def by_vector(name, **options) -> Notice:
    vector = VECTORS[name]
    return Casso().read(
        body=vector["body"].encode(),
        headers={"X-Casso-Signature": f"t={vector['t']},v1={vector['v1']}"},
        credentials={"checksum_key": vector["key"]},
        now=options.get("now", datetime.fromtimestamp(vector["t"] / 1000, UTC)),
    )


# --- Version 2: what is told --------------------------------------------------------------------------------------


def test_all_vectors_are_here():
    assert list(VECTORS) == ["published", "vietnamese", "numbers", "keys"]


def test_the_published_call_is_a_probe():
    assert by_vector("published") == Notice((), is_probe=True)


def test_vietnamese_text_and_escapes():
    (line,) = by_vector("vietnamese").lines
    assert line.memo == 'OCOP7K3M9QZ Trần Thị Bưởi chuyển khoản — cảm ơn "nhiều"\nđ//'
    assert line.payer_name == "NGUYỄN VĂN A"
    assert line.raw == VECTORS["vietnamese"]["body"]


def test_numbers_as_javascript_prints_them():
    (line,) = by_vector("numbers").lines
    assert (line.foreign_id, line.amount, type(line.amount)) == ("7002", 345000, int)


def test_names_as_javascript_orders_them():
    (line,) = by_vector("keys").lines
    assert (line.amount, line.incoming, line.memo, line.account) == (50000, False, "", "0123499999")
    assert line.occurred_at == datetime(2026, 11, 24, 2, 2, 37, tzinfo=UTC)


def test_a_line():
    notice = read()
    (line,) = notice.lines
    assert not notice.is_probe
    assert (line.foreign_id, line.reference) == ("7001", "FT26328001")
    assert (line.account, line.virtual_account) == ("0123499999", "")
    assert (line.amount, line.incoming, line.memo) == (345000, True, "OCOP7K3M9QZ chuyen khoan")
    assert line.occurred_at == datetime(2026, 11, 24, 9, 2, 37, tzinfo=VIETNAM)
    assert (line.payer_bin, line.payer_number, line.payer_name) == ("970415", "9876543210", "NGUYEN VAN A")
    assert line.raw == body_of(ROW).decode()


def test_money_out():
    (line,) = read(body_of({**ROW, "amount": -345000})).lines
    assert (line.amount, line.incoming) == (345000, False)


def test_a_virtual_account():
    (line,) = read(body_of({**ROW, "virtualAccountNumber": "CAS 0041"})).lines
    assert (line.account, line.virtual_account) == ("0123499999", "CAS0041")


@pytest.mark.parametrize("name", ["reference", "description", "virtualAccountNumber", "counterAccountName"])
def test_parts_that_may_be_empty(name):
    for value in (None, ""):
        assert len(read(body_of({**ROW, name: value})).lines) == 1


def test_a_replay_has_the_same_id():
    assert read().lines == read(now=NOW + timedelta(hours=2)).lines


def test_transaction_0_is_a_test_only_with_its_reference():
    assert refused_row("id", "0") == ("malformed", 400)
    assert len(read(body_of({**ROW, "reference": "MA_GIAO_DICH_THU_NGHIEM"})).lines) == 1


# --- Version 2: who is believed -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", VECTORS)
def test_a_changed_vector(name):
    vector = VECTORS[name]
    good = {"X-Casso-Signature": f"t={vector['t']},v1={vector['v1']}"}
    now = datetime.fromtimestamp(vector["t"] / 1000, UTC)
    changed = vector["body"].replace('"0123', '"1123').replace('"8888', '"9888').encode()
    assert changed != vector["body"].encode()
    options = {"credentials": {"checksum_key": vector["key"]}, "now": now}
    assert refused(changed, good, **options) == ("signature", 401)
    assert refused(vector["body"].encode(), good, {"checksum_key": "another"}, now) == ("signature", 401)
    later = {"X-Casso-Signature": f"t={vector['t'] + 1},v1={vector['v1']}"}
    assert refused(vector["body"].encode(), later, **options) == ("signature", 401)


def test_order_and_spaces_do_not_matter_as_documented():
    turned = json.dumps({"data": dict(reversed(ROW.items())), "error": 0}, indent=2).encode()
    assert len(read(turned, casso_sign(body_of(ROW), KEY, NOW)).lines) == 1


@pytest.mark.parametrize("name", ROW)
def test_every_part_is_covered(name):
    other = ROW[name] + 1 if isinstance(ROW[name], int) else ROW[name] + "x"
    signed = casso_sign(body_of(ROW), KEY, NOW)
    assert refused(body_of({**ROW, name: other}), signed) == ("signature", 401)
    assert refused(body_of({key: ROW[key] for key in ROW if key != name}), signed) == ("signature", 401)


@pytest.mark.parametrize("credentials", [{}, {"checksum_key": ""}, {"checksum_key": None, "secure_token": None}])
@pytest.mark.parametrize(
    "headers",
    [{}, {"secure-token": ""}, casso_sign(body_of(ROW), "", NOW), {**casso_sign(body_of(ROW), KEY, NOW)}],
)
def test_without_credentials_nobody_is_believed(credentials, headers):
    assert refused(headers=headers, credentials=credentials) == ("signature", 401)
    assert refused(body_of([OLDER_ROW]), headers, credentials) == ("signature", 401)


def test_with_a_checksum_key_the_token_is_not_enough():
    both = {**SIGNED, **TOKEN}
    assert refused(body_of([OLDER_ROW]), {"secure-token": "the-token"}, both) == ("signature", 401)
    assert refused(headers={"secure-token": "the-token"}, credentials=both) == ("signature", 401)
    assert len(read(credentials=both).lines) == 1


GOOD = casso_sign(body_of(ROW), KEY, NOW)["X-Casso-Signature"]
TIME, MAC = GOOD.removeprefix("t=").split(",v1=")


@pytest.mark.parametrize(
    "value",
    [
        "",
        "t=,v1=",
        MAC,
        f"v1={MAC}",
        f"t={TIME}",
        f"v1={MAC},t={TIME}",
        f"t={TIME},v1={MAC[:-1]}",
        f"t={TIME},v1={MAC}0",
        f"t={TIME},v1={MAC.upper()}",
        f"t={TIME},v1={'0' * 128}",
        f"t={TIME},v1={'é' * 128}",
        f"t={TIME},v1={MAC[:64]}",
        f"t={TIME},v0={MAC}",
        f"t=-{TIME},v1={MAC}",
        f"t=+{TIME},v1={MAC}",
        f"t={TIME}.0,v1={MAC}",
        f"t=１７９５４８５７５７０００,v1={MAC}",
        f"t={TIME[:-3]},v1={MAC}",
        f"t={'9' * 5_000},v1={MAC}",
        f"t=nan,v1={MAC}",
        f"{GOOD},{GOOD}",
        f"{GOOD}\n",
        f" {GOOD}",
        "\ud800",
    ],
)
def test_other_signatures(value):
    assert refused(headers={"X-Casso-Signature": value}) == ("signature", 401)


def test_two_headers_of_one_name():
    assert refused(headers={"X-Casso-Signature": GOOD, "x-casso-signature": GOOD}) == ("signature", 401)


def test_the_header_in_any_case_and_with_a_space():
    assert len(read(headers={"x-casso-signature": GOOD}).lines) == 1
    assert len(read(headers={"X-CASSO-SIGNATURE": GOOD.replace(",", ", ")}).lines) == 1


def test_a_shorter_key_is_another_key():
    assert refused(headers=casso_sign(body_of(ROW), KEY[:-1], NOW)) == ("signature", 401)


@pytest.mark.parametrize("seconds", [-300, -299.999, 0, 299.999, 300])
def test_fresh(seconds):
    now = NOW + timedelta(seconds=seconds)
    assert len(read(headers={"X-Casso-Signature": GOOD}, now=now).lines) == 1


@pytest.mark.parametrize("seconds", [-86400, -301, -300.001, 300.001, 301, 86400])
def test_stale(seconds):
    now = NOW + timedelta(seconds=seconds)
    assert refused(headers={"X-Casso-Signature": GOOD}, now=now) == ("stale", 401)


def test_milliseconds_are_not_seconds():
    """Signed rightly, but with a time in seconds: that is January 1970."""
    in_seconds = casso_sign(body_of(ROW), KEY, datetime.fromtimestamp(NOW.timestamp() / 1000, UTC))
    assert refused(headers=in_seconds) == ("stale", 401)


# --- Version 2: what cannot be read -------------------------------------------------------------------------------


def test_huge():
    longest = body_of(ROW) + b" " * (256 * 1024 - len(body_of(ROW)))
    assert len(read(longest).lines) == 1
    assert refused(longest + b" ") == ("huge", 413)
    assert refused(longest + b" ", headers={}, credentials={}) == ("huge", 413)


@pytest.mark.parametrize("body", NOT_JSON.values(), ids=NOT_JSON)
def test_not_json(body):
    assert refused(body, {"X-Casso-Signature": GOOD}) == ("malformed", 400)
    assert refused(body, headers={}) == ("signature", 401)
    assert refused_older(body) == ("malformed", 400)


@pytest.mark.parametrize("body", NOT_UTF_8.values(), ids=NOT_UTF_8)
def test_not_utf_8(body):
    assert refused(body, {"X-Casso-Signature": GOOD}) == ("encoding", 400)
    assert refused_older(body) == ("encoding", 400)


@pytest.mark.parametrize("body", [body for body in NO_OBJECT if body != b"1e3"])
def test_no_object(body):
    assert refused(body) == ("malformed", 400)
    assert refused_older(body) == ("malformed", 400)


@pytest.mark.parametrize("number", ["1e309", "-1e309", "9" * 400])
def test_numbers_that_no_javascript_holds(number):
    body = b'{"error":0,"data":{"id":' + number.encode() + b"}}"
    assert refused(body, {"X-Casso-Signature": GOOD}) == ("malformed", 400)


@pytest.mark.parametrize(
    "body",
    [
        b'{"error":1,"data":null}',
        b'{"error":null,"data":{}}',
        b'{"error":false,"data":{}}',
        b'{"error":"0","data":{}}',
        b'{"data":{}}',
        b'{"error":0}',
        b'{"error":0,"data":null}',
        b'{"error":0,"data":[]}',
        b'{"error":0,"data":"x"}',
        b'{"error":0,"data":{}}',
        body_of([ROW]),
    ],
)
def test_no_data(body):
    assert refused(body) == ("malformed", 400)


@pytest.mark.parametrize("literal", [*(literal for literal in NO_AMOUNT if literal not in PRINTED_DIFFERENTLY), None])
def test_no_amount(literal):
    assert refused_row("amount", literal) == ("malformed", 400)


@pytest.mark.parametrize("literal", ["-10000000000000", "-0.5"])
def test_no_amount_that_went_out(literal):
    assert refused_row("amount", literal) == ("malformed", 400)


@pytest.mark.parametrize("literal", [*NO_MOMENT, None])
def test_no_moment(literal):
    assert refused_row("transactionDateTime", literal) == ("malformed", 400)


@pytest.mark.parametrize("literal", [*NO_ACCOUNT, None])
def test_no_account(literal):
    assert refused_row("accountNumber", literal) == ("malformed", 400)


@pytest.mark.parametrize("literal", ["null", '"7001"', "true", "-1", "0.5", "[]", "10000000000000000000", None])
def test_no_id(literal):
    assert refused_row("id", literal) == ("malformed", 400)


@pytest.mark.parametrize("name", ["reference", "description", "virtualAccountNumber", "counterAccountName"])
@pytest.mark.parametrize("literal", NO_TEXT)
def test_no_text(name, literal):
    assert refused_row(name, literal) == ("malformed", 400)


# --- The older form -----------------------------------------------------------------------------------------------


def test_older_lines():
    out = {**OLDER_ROW, "id": 6790, "tid": "OUT", "amount": -20000, "subAccId": "77"}
    by_sub_account = {**OLDER_ROW, "id": 6791, "bank_sub_acc_id": None, "subAccId": "0987-654"}
    payer = {"corresponsiveName": "NGUYEN VAN A", "corresponsiveAccount": "98765", "corresponsiveBankId": "970415"}
    notice = read_older({**OLDER_ROW, "virtualAccount": "VA1", **payer}, out, by_sub_account)
    first, second, third = notice.lines
    assert not notice.is_probe
    assert (first.foreign_id, first.reference, first.amount, first.incoming) == ("6789", "BANK_REF_ID", 345000, True)
    assert (first.account, first.virtual_account) == ("0123499999", "VA1")
    assert (first.payer_bin, first.payer_number, first.payer_name) == ("970415", "98765", "NGUYEN VAN A")
    assert first.occurred_at == datetime(2026, 11, 24, 9, 2, 37, tzinfo=VIETNAM)
    assert json.loads(first.raw)["tid"] == "BANK_REF_ID"
    assert (second.foreign_id, second.amount, second.incoming, second.account) == ("6790", 20000, False, "0123499999")
    assert (third.foreign_id, third.account) == ("6791", "0987654")


def test_each_older_line_keeps_only_its_own_part():
    notice = read_older(OLDER_ROW, {**OLDER_ROW, "id": 6790})
    assert [json.loads(line.raw)["id"] for line in notice.lines] == [6789, 6790]


def test_an_older_call_about_nothing():
    assert read_older() == Notice(())


def test_both_forms_name_a_transaction_alike():
    assert read(body_of({**ROW, "id": 6789})).lines[0].foreign_id == read_older(OLDER_ROW).lines[0].foreign_id


def test_the_older_test_call():
    probe = {**OLDER_ROW, "id": 0, "tid": "MA_GIAO_DICH_THU_NGHIEM"}
    assert read_older(probe) == Notice((), is_probe=True)
    notice = read_older(probe, OLDER_ROW)
    assert (len(notice.lines), notice.is_probe) == (1, False)


@pytest.mark.parametrize("name", ["secure-token", "Secure-Token", "SECURE-TOKEN"])
def test_the_token_header_in_any_case(name):
    assert len(read(body_of([OLDER_ROW]), {name: "the-token"}, TOKEN).lines) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"secure-token": ""},
        {"secure-token": "the-toke"},
        {"secure-token": "the-token2"},
        {"secure-token": "the-token "},
        {"secure-token": "The-Token"},
        {"secure-token": "the-tokén"},
        {"secure-token": "the-token,the-token"},
        {"secure-token": "the-token", "Secure-Token": "the-token"},
        {"secure_token": "the-token"},
        {"Authorization": "the-token"},
        {"secure-token": "\ud800"},
        {"X-Casso-Signature": GOOD},
    ],
)
def test_other_tokens(headers):
    assert refused_older(body_of([OLDER_ROW]), headers) == ("signature", 401)


@pytest.mark.parametrize("body", [*NOT_JSON.values(), *NOT_UTF_8.values()])
def test_nothing_is_read_before_the_token(body):
    assert refused_older(body, {"secure-token": "wrong"}) == ("signature", 401)


@pytest.mark.parametrize("data", [ROW, "x", None, [None], [[]], ["x"], [1], [OLDER_ROW, None], {"0": OLDER_ROW}])
def test_no_older_list(data):
    assert refused_older(body_of(data)) == ("malformed", 400)


@pytest.mark.parametrize(
    ("name", "literals"),
    [
        ("amount", [*NO_AMOUNT, "-10000000000000", "-0.5", None]),
        ("when", [*NO_MOMENT, None]),
        ("bank_sub_acc_id", [*NO_ACCOUNT, None]),
        ("id", ["null", '"6789"', "true", "0", "-1", "0.5", "1e19", None]),
        ("tid", NO_TEXT),
        ("description", NO_TEXT),
        ("virtualAccount", NO_TEXT),
        ("corresponsiveName", NO_TEXT),
    ],
)
def test_older_parts(name, literals):
    for literal in literals:
        row = with_literal(OLDER_ROW, name, literal)
        assert refused_older(b'{"error":0,"data":[' + row + b"]}") == ("malformed", 400)


def test_one_bad_row_refuses_the_whole_call():
    assert refused_older(body_of([OLDER_ROW, {**OLDER_ROW, "amount": 0}])) == ("malformed", 400)
