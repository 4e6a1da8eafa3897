import hashlib
import hmac
import json
from datetime import datetime, timedelta

import pytest

from shop.payment.vietqr.feeds.base import Notice
from shop.payment.vietqr.feeds.sepay import SePay
from tests.fakes.banks import sepay_hmac, sepay_key
from tests.unit.payment.vietqr.feeds.shapes import (
    NO_ACCOUNT,
    NO_AMOUNT,
    NO_MOMENT,
    NO_OBJECT,
    NO_TEXT,
    NOT_JSON,
    NOT_UTF_8,
    NOW,
    VIETNAM,
    refusal,
    with_literal,
)

SIGNED = {"hmac_secret": "test-secret"}
KEYED = {"api_key": "the-key"}
PAYLOAD = {
    "id": 92704,
    "gateway": "Vietcombank",
    "transactionDate": "2026-11-24 09:02:37",
    "accountNumber": "0123499999",
    "code": "OCOPA1B2C3",
    "content": "OCOPA1B2C3 thanh toan",
    "transferType": "in",
    "transferAmount": 345000,
    "accumulated": 19077000,
    "subAccount": None,
    "referenceCode": "MBVCB.3278907687",
    "description": "",
}
BODY = json.dumps(PAYLOAD, separators=(",", ":")).encode()
# The vector of the project's facts: secret "test-secret", timestamp 1795485757, this body.
VECTOR = {
    "X-SePay-Timestamp": "1795485757",
    "X-SePay-Signature": "sha256=a288167388f5f55a15b61fe61dc713833a01c6e1a947e17819652afad9577f0f",
}


def read(body=BODY, headers=None, credentials=SIGNED, now=NOW) -> Notice:
    headers = sepay_hmac(body, "test-secret", now) if headers is None else headers
    return SePay().read(body=body, headers=headers, credentials=credentials, now=now)


def refused(body=BODY, headers=None, credentials=SIGNED, now=NOW):
    headers = sepay_hmac(body, "test-secret", now) if headers is None else headers
    return refusal(SePay(), body=body, headers=headers, credentials=credentials, now=now)


# --- What is told -------------------------------------------------------------------------------------------------


def test_the_vector():
    assert sepay_hmac(BODY, "test-secret", NOW) == VECTOR
    notice = read(headers=VECTOR)
    (line,) = notice.lines
    assert not notice.is_probe
    assert (line.account, line.virtual_account, line.amount, line.incoming) == ("0123499999", "", 345000, True)
    assert (line.memo, line.reference) == ("OCOPA1B2C3 thanh toan", "MBVCB.3278907687")
    assert line.occurred_at == datetime(2026, 11, 24, 9, 2, 37, tzinfo=VIETNAM)
    assert (line.payer_bin, line.payer_number, line.payer_name) == ("", "", "")
    assert line.raw == BODY.decode()
    assert 0 < len(line.foreign_id) <= 100


def test_the_published_sample():
    body = (
        b'{"id":92704,"gateway":"Vietcombank","transactionDate":"2023-03-25 14:02:37","accountNumber":"0123499999",\n'
        b' "code":null,"content":"noi dung","transferType":"in","transferAmount":2277000,"accumulated":19077000,\n'
        b' "subAccount":null,"referenceCode":"MBVCB.3278907687","description":""}\n'
    )
    (line,) = read(body).lines
    assert (line.amount, line.memo) == (2277000, "noi dung")
    assert line.occurred_at == datetime(2023, 3, 25, 14, 2, 37, tzinfo=VIETNAM)


def test_money_out():
    (line,) = read(with_literal(PAYLOAD, "transferType", '"out"')).lines
    assert (line.incoming, line.amount) == (False, 345000)


def test_a_virtual_account():
    (line,) = read(with_literal(PAYLOAD, "subAccount", '"VA 001-22"')).lines
    assert (line.account, line.virtual_account) == ("0123499999", "VA00122")


def test_an_account_with_separators():
    (line,) = read(with_literal(PAYLOAD, "accountNumber", '"0123.4999 99"')).lines
    assert line.account == "0123499999"


def test_a_memo_is_cut_at_a_thousand_characters():
    (line,) = read(with_literal(PAYLOAD, "content", json.dumps("Bưởi" * 300))).lines
    assert line.memo == ("Bưởi" * 300)[:1000]


@pytest.mark.parametrize("name", ["content", "referenceCode", "subAccount"])
@pytest.mark.parametrize("literal", ["null", '""', None])
def test_parts_that_banks_leave_out(name, literal):
    (line,) = read(with_literal(PAYLOAD, name, literal)).lines
    assert line.amount == 345000


def test_unknown_parts_are_ignored():
    (line,) = read(with_literal(PAYLOAD, "somethingNew", '{"a":[1,null]}')).lines
    assert line.amount == 345000


@pytest.mark.parametrize("literal", ["345000.0", "3.45e5", "345000.000"])
def test_a_whole_amount_may_be_written_with_a_point(literal):
    (line,) = read(with_literal(PAYLOAD, "transferAmount", literal)).lines
    assert (line.amount, type(line.amount)) == (345000, int)


# --- The same movement, other movements ---------------------------------------------------------------------------


def id_of(**changes):
    body = json.dumps({**PAYLOAD, **changes}).encode()
    return read(body).lines[0].foreign_id


def test_a_replay_has_the_same_id():
    first = read(headers=VECTOR).lines[0]
    later = read(now=NOW + timedelta(minutes=33)).lines[0]
    assert first == later


def test_details_that_do_not_identify():
    assert len({id_of(), id_of(id=5), id_of(gateway="VCB"), id_of(accumulated=1), id_of(content="cut")}) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"accountNumber": "0123499998"},
        {"transferAmount": 345001},
        {"transferType": "out"},
        {"transactionDate": "2026-11-24 09:02:38"},
        {"referenceCode": "MBVCB.3278907688"},
        {"referenceCode": None},
    ],
)
def test_details_that_identify(changes):
    assert id_of(**changes) != id_of()


def test_without_a_reference_the_memo_identifies():
    one = id_of(referenceCode=None, content="OCOP7K3M9QZ")
    other = id_of(referenceCode=None, content="OCOP7K3M9QA")
    assert one != other
    assert one == id_of(referenceCode="", content=" ocop7k3m 9qz. ")


def test_a_reference_is_never_taken_for_a_memo():
    assert id_of(referenceCode="abc", content="") != id_of(referenceCode="", content="abc")


# --- Who is believed ----------------------------------------------------------------------------------------------


def test_the_api_key():
    (line,) = read(headers=sepay_key("the-key"), credentials=KEYED).lines
    assert line.amount == 345000


@pytest.mark.parametrize("headers", [{"authorization": "Apikey the-key"}, {"AUTHORIZATION": "apikey the-key"}])
def test_header_names_and_scheme_in_any_case(headers):
    assert len(read(headers=headers, credentials=KEYED).lines) == 1


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Apikey",
        "Apikey ",
        "Apikey the-ke",
        "Apikey the-key2",
        "Apikey  the-key",
        "Apikey the-key ",
        "Apikey THE-KEY",
        "Apikey the-kéy",
        "Apikey \ud800",
        "Apikey the-key,Apikey the-key",
        "Apikey the-key\x00",
        "Bearer the-key",
        "the-key",
        "Apikeythe-key",
        "Apikey\tthe-key",
    ],
)
def test_other_keys(value):
    assert refused(headers={"Authorization": value}, credentials=KEYED) == ("signature", 401)


@pytest.mark.parametrize(
    "credentials",
    [{}, {"api_key": ""}, {"hmac_secret": ""}, {"api_key": None, "hmac_secret": None}, {"api_token": "tkn"}],
)
@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Apikey "}, {"Authorization": "Apikey tkn"}, sepay_hmac(BODY, "", NOW), VECTOR],
)
def test_without_credentials_nobody_is_believed(credentials, headers):
    assert refused(headers=headers, credentials=credentials) == ("signature", 401)


def test_with_a_secret_the_key_is_not_enough():
    both = {**SIGNED, **KEYED}
    assert refused(headers=sepay_key("the-key"), credentials=both) == ("signature", 401)
    assert refused(headers={**sepay_key("the-key"), **sepay_hmac(BODY, "wrong", NOW)}, credentials=both) == (
        "signature",
        401,
    )
    assert len(read(headers=VECTOR, credentials=both).lines) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-SePay-Signature", ""),
        ("X-SePay-Signature", None),
        ("X-SePay-Signature", "sha256="),
        ("X-SePay-Signature", VECTOR["X-SePay-Signature"].removeprefix("sha256=")),
        ("X-SePay-Signature", VECTOR["X-SePay-Signature"][:-1]),
        ("X-SePay-Signature", VECTOR["X-SePay-Signature"][:-1] + "0"),
        ("X-SePay-Signature", VECTOR["X-SePay-Signature"] + "0"),
        ("X-SePay-Signature", VECTOR["X-SePay-Signature"].replace("sha256", "sha1")),
        ("X-SePay-Signature", VECTOR["X-SePay-Signature"] + "," + VECTOR["X-SePay-Signature"]),
        ("X-SePay-Signature", "sha256=" + "é" * 64),
        ("X-SePay-Signature", "sha256=" + "\ud800" * 64),
        ("X-SePay-Signature", "sha256=" + "0" * 64),
        ("X-SePay-Timestamp", ""),
        ("X-SePay-Timestamp", None),
        ("X-SePay-Timestamp", "1795485756"),
        ("X-SePay-Timestamp", "-1795485757"),
        ("X-SePay-Timestamp", "+1795485757"),
        ("X-SePay-Timestamp", " 1795485757"),
        ("X-SePay-Timestamp", "1795485757\n"),
        ("X-SePay-Timestamp", "1795485757.0"),
        ("X-SePay-Timestamp", "1_795_485_757"),
        ("X-SePay-Timestamp", "1.795485757e9"),
        ("X-SePay-Timestamp", "１７９５４８５７５７"),
        ("X-SePay-Timestamp", "1795485757,1795485757"),
        ("X-SePay-Timestamp", "9" * 13),
        ("X-SePay-Timestamp", "9" * 5_000),
        ("X-SePay-Timestamp", "nan"),
    ],
)
def test_other_signatures(name, value):
    headers = {key: kept for key, kept in {**VECTOR, name: value}.items() if kept is not None}
    assert refused(headers=headers) == ("signature", 401)


def test_a_timestamp_must_be_digits_even_when_it_is_signed():
    for timestamp in ("1795485757.0", "+1795485757", "１７９５４８５７５７", ""):
        mac = hmac.new(b"test-secret", timestamp.encode() + b"." + BODY, hashlib.sha256).hexdigest()
        headers = {"X-SePay-Timestamp": timestamp, "X-SePay-Signature": f"sha256={mac}"}
        assert refused(headers=headers) == ("signature", 401)


def test_two_headers_of_one_name():
    doubled = {**VECTOR, "x-sepay-signature": VECTOR["X-SePay-Signature"]}
    assert refused(headers=doubled) == ("signature", 401)


@pytest.mark.parametrize("headers", [{}, sepay_hmac(BODY, "wrong", NOW), sepay_hmac(BODY + b" ", "test-secret", NOW)])
def test_forged(headers):
    assert refused(headers=headers) == ("signature", 401)


def test_one_changed_byte_anywhere():
    for place in range(len(BODY)):
        changed = BODY[:place] + bytes([BODY[place] ^ 1]) + BODY[place + 1 :]
        assert refused(changed, headers=VECTOR) == ("signature", 401)


def test_the_signature_covers_the_bytes_and_not_their_meaning():
    same_meaning = json.dumps(PAYLOAD, indent=1).encode()
    assert refused(same_meaning, headers=VECTOR) == ("signature", 401)


@pytest.mark.parametrize("seconds", [-300, -299.999, -1, 0, 1, 299.999, 300])
def test_fresh(seconds):
    now = NOW + timedelta(seconds=seconds)
    assert len(read(headers=VECTOR, now=now).lines) == 1


@pytest.mark.parametrize("seconds", [-86400, -301, -300.001, 300.001, 301, 86400, 10**9])
def test_stale(seconds):
    now = NOW + timedelta(seconds=seconds)
    assert refused(headers=VECTOR, now=now) == ("stale", 401)


def test_a_forged_call_is_not_called_stale():
    assert refused(headers=sepay_hmac(BODY, "wrong", NOW), now=NOW + timedelta(days=1)) == ("signature", 401)


# --- What cannot be read ------------------------------------------------------------------------------------------


def test_huge():
    longest = BODY[:-1] + b" " * (256 * 1024 - len(BODY)) + b"}"
    assert len(longest) == 256 * 1024
    assert len(read(longest).lines) == 1
    assert refused(longest + b" ") == ("huge", 413)
    assert refused(longest + b" ", headers={}) == ("huge", 413)


@pytest.mark.parametrize("body", NOT_JSON.values(), ids=NOT_JSON)
def test_not_json(body):
    assert refused(body) == ("malformed", 400)
    assert refused(body, headers=sepay_key("the-key"), credentials=KEYED) == ("malformed", 400)


@pytest.mark.parametrize("body", NOT_UTF_8.values(), ids=NOT_UTF_8)
def test_not_utf_8(body):
    assert refused(body) == ("encoding", 400)


@pytest.mark.parametrize("body", [*NOT_JSON.values(), *NOT_UTF_8.values()])
def test_nothing_is_read_before_the_signature(body):
    assert refused(body, headers=VECTOR) == ("signature", 401)


@pytest.mark.parametrize("body", NO_OBJECT)
def test_no_object(body):
    assert refused(body) == ("malformed", 400)


@pytest.mark.parametrize("literal", [*NO_AMOUNT, "-345000", "-1", None])
def test_no_amount(literal):
    assert refused(with_literal(PAYLOAD, "transferAmount", literal)) == ("malformed", 400)


@pytest.mark.parametrize("literal", [*NO_MOMENT, None])
def test_no_moment(literal):
    assert refused(with_literal(PAYLOAD, "transactionDate", literal)) == ("malformed", 400)


@pytest.mark.parametrize("literal", [*NO_ACCOUNT, None])
def test_no_account(literal):
    assert refused(with_literal(PAYLOAD, "accountNumber", literal)) == ("malformed", 400)


@pytest.mark.parametrize("literal", [*NO_TEXT, '"IN"', '"inn"', '"out!"', '"deposit"', '""', "null", None])
def test_no_direction(literal):
    assert refused(with_literal(PAYLOAD, "transferType", literal)) == ("malformed", 400)


@pytest.mark.parametrize(
    "literal", ["null", "true", '"92704"', "0", "-1", "1.5", "1e30", "[92704]", "1000000000000000001", None]
)
def test_no_id(literal):
    assert refused(with_literal(PAYLOAD, "id", literal)) == ("malformed", 400)


@pytest.mark.parametrize("name", ["content", "referenceCode", "subAccount"])
@pytest.mark.parametrize("literal", NO_TEXT)
def test_no_text(name, literal):
    assert refused(with_literal(PAYLOAD, name, literal)) == ("malformed", 400)


@pytest.mark.parametrize("literal", ['"' + "1" * 31 + '"', '"VA/1"', '"số"'])
def test_no_virtual_account(literal):
    assert refused(with_literal(PAYLOAD, "subAccount", literal)) == ("malformed", 400)


def test_a_list_of_movements_is_not_a_call():
    assert refused(b"[" + BODY + b"]") == ("malformed", 400)
