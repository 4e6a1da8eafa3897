import hashlib
import json
from datetime import datetime, timedelta

import pytest

from shop.payment.vietqr.feeds.base import Notice
from shop.payment.vietqr.feeds.payos import PayOS, webhook
from tests.fakes.banks import PAYOS_SAMPLE, payos_body, payos_sign
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

KEY = "test_checksum_key"
CREDENTIALS = {"client_id": "a-client", "api_key": "an-api-key", "checksum_key": KEY}
# The case "webhook" of the tests of payOS's own libraries, with its expected signature.
DATA = {
    "accountNumber": "0123456789",
    "amount": 20000,
    "description": "thanh toan",
    "reference": "FT-REFERENCE",
    "transactionDateTime": "2025-12-12 09:00:00",
    "virtualAccountNumber": "",
    "counterAccountBankId": "01202001",
    "counterAccountBankName": "",
    "counterAccountName": "NGUYEN VAN A",
    "counterAccountNumber": "9876543210",
    "virtualAccountName": "",
    "currency": "VND",
    "orderCode": 0,
    "paymentLinkId": "payment-link-id",
    "code": "00",
    "desc": "success",
}
SIGNATURE = "302b3becca1672dff99daafae2965f40e48ea3ca39453e4bf37fbcc26807a0e8"
BODY = json.dumps({"code": "00", "desc": "success", "success": True, "data": DATA, "signature": SIGNATURE}).encode()
# Published at payos.vn/docs with the key and the signature.
PUBLISHED_KEY = "1a54716c8f0efb2744fb28b6e38b25da7f67a925d98bc1c18bd8faaecadd7675"
PUBLISHED = "412e915d2871504ed31be63c8f62a149a4410d34c4c42affc9006ef9917eaa03"


def read(body=BODY, credentials=CREDENTIALS) -> Notice:
    return PayOS().read(body=body, headers={}, credentials=credentials, now=NOW)


def refused(body=BODY, credentials=CREDENTIALS):
    return refusal(PayOS(), body=body, headers={}, credentials=credentials)


def told(**changes) -> bytes:
    return payos_body({**DATA, **changes}, KEY)


def told_with(name, literal) -> bytes:
    """A signed body about data with this JSON literal in one place."""
    return payos_body(json.loads(with_literal(DATA, name, literal)), KEY)


# --- What is told -------------------------------------------------------------------------------------------------


def test_a_payment():
    notice = read()
    (line,) = notice.lines
    assert not notice.is_probe
    assert (line.foreign_id, line.reference) == ("FT-REFERENCE:payment-link-id", "FT-REFERENCE")
    assert (line.account, line.virtual_account) == ("0123456789", "")
    assert (line.amount, line.incoming, line.memo) == (20000, True, "thanh toan")
    assert line.occurred_at == datetime(2025, 12, 12, 9, 0, tzinfo=VIETNAM)
    assert (line.payer_bin, line.payer_number, line.payer_name) == ("01202001", "9876543210", "NGUYEN VAN A")
    assert line.raw == BODY.decode()


def test_a_payment_to_a_virtual_account():
    (line,) = read(told(accountNumber="0004100038280006", virtualAccountNumber="CAS004100038280006")).lines
    assert (line.account, line.virtual_account) == ("0004100038280006", "CAS004100038280006")


@pytest.mark.parametrize("name", [name for name in DATA if name.startswith(("counter", "virtual"))])
def test_parts_that_may_be_null(name):
    (line,) = read(told(**{name: None})).lines
    assert line.amount == 20000


def test_vietnamese_text():
    (line,) = read(told(description="Trà đá & bánh = ngon", counterAccountName="NGUYỄN VĂN A")).lines
    assert (line.memo, line.payer_name) == ("Trà đá & bánh = ngon", "NGUYỄN VĂN A")


def test_what_is_not_paid_moves_nothing():
    assert read(told(code="01")) == Notice(())


def test_a_replay_has_the_same_id():
    assert read() == read()


def test_other_payments_have_other_ids():
    changes = [{}, {"reference": "FT-2"}, {"paymentLinkId": "other"}, {"reference": "FT", "paymentLinkId": "REFERENCE"}]
    assert len({read(told(**change)).lines[0].foreign_id for change in changes}) == 4


def test_a_colon_in_the_reference_makes_no_twins():
    one = read(told(reference="a:b", paymentLinkId="c")).lines[0].foreign_id
    assert one == "a:b:c"
    assert refused(told(reference="a", paymentLinkId="b:c")) == ("malformed", 400)


def test_a_long_id_becomes_a_hash():
    reference, link = "R" * 100, "L" * 100
    (line,) = read(told(reference=reference, paymentLinkId=link)).lines
    assert line.foreign_id == hashlib.sha256(f"{reference}:{link}".encode()).hexdigest()


# --- Probes -------------------------------------------------------------------------------------------------------


def test_the_published_sample_is_a_probe():
    body = json.dumps(
        {"code": "00", "desc": "success", "success": True, "data": PAYOS_SAMPLE, "signature": PUBLISHED}
    ).encode()
    assert payos_sign(PAYOS_SAMPLE, PUBLISHED_KEY) == PUBLISHED
    assert read(body, {"checksum_key": PUBLISHED_KEY}) == Notice((), is_probe=True)
    # Everybody can compute it, so it proves nothing with another key.
    assert refused(body) == ("signature", 401)


def test_the_sample_with_the_channel_s_own_key():
    assert read(payos_body(PAYOS_SAMPLE, KEY)) == Notice((), is_probe=True)


def test_the_older_test_call():
    assert read(told(reference="MA_GIAO_DICH_THU_NGHIEM")) == Notice((), is_probe=True)


def test_order_123_can_be_a_real_payment():
    notice = read(told(orderCode=123))
    assert (len(notice.lines), notice.is_probe) == (1, False)


# --- Who is believed ----------------------------------------------------------------------------------------------


def test_the_signature_of_a_list_inside():
    """The case "paid payment link with 1 transaction" of the tests of payOS's own libraries."""
    transaction = {
        "accountNumber": "0123456789",
        "amount": 2000,
        "counterAccountBankId": "01202001",
        "counterAccountBankName": None,
        "counterAccountName": "NGUYEN VAN A",
        "counterAccountNumber": "9876543210",
        "description": "TRANSACTION DESCRIPTION",
        "reference": "FT-REFERENCE",
        "transactionDateTime": "2025-12-12T09:00:00+07:00",
        "virtualAccountName": None,
        "virtualAccountNumber": None,
    }
    data = {
        "id": "payment-link-id",
        "orderCode": 0,
        "amount": 2000,
        "amountPaid": 2000,
        "amountRemaining": 0,
        "status": "PAID",
        "createdAt": "2025-12-12T09:00:00+07:00",
        "transactions": [transaction],
        "canceledAt": None,
        "cancellationReason": None,
    }
    webhook._check_signed(data, "6af5e2c9a28256c140169ed624114b43295915d7b6e2fa6278b17a7c43aadefd", KEY)


def test_odd_values():
    """Signed by payOS's algorithm run in Node 20: numbers as JavaScript prints them, null in words, lists as JSON."""
    data = (
        '{"orderCode":77,"amount":3000.0,"description":"Trà đá & bánh = ngon","accountNumber":"12345678",'
        '"reference":"FT1","transactionDateTime":"2026-11-24 09:02:37","currency":"VND","paymentLinkId":"abc-1",'
        '"code":"00","desc":"null","counterAccountName":"undefined","a":null,"b":true,"c":false,"d":1e21,'
        '"10":"ten","9":"nine","items":[{"name":"b","price":1.50,"a":null},{"z":[{"y":1,"x":2}],"k":"é"}],"none":[]}'
    )
    signature = "6d986b375c5794d47f15be915540681106e9609368b0a6fbfc33a73834e47370"
    (line,) = read(f'{{"data":{data},"signature":"{signature}"}}'.encode()).lines
    assert (line.amount, line.memo) == (3000, "Trà đá & bánh = ngon")
    for place, other in (("1.50", "1.51"), ('"x":2', '"x":3'), ("true", "false")):
        changed = data.replace(place, other)
        assert refused(f'{{"data":{changed},"signature":"{signature}"}}'.encode()) == ("signature", 401)


def test_an_object_inside_is_covered_by_the_signature():
    body = told(extra={"b": 1})
    assert len(read(body).lines) == 1
    assert refused(body.replace(b'"b": 1', b'"b": 2')) == ("signature", 401)


@pytest.mark.parametrize("credentials", [{}, {"checksum_key": ""}, {"checksum_key": None}, {"api_key": KEY}])
def test_without_credentials_nobody_is_believed(credentials):
    assert refused(credentials=credentials) == ("signature", 401)
    assert refused(payos_body(DATA, ""), credentials=credentials) == ("signature", 401)


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "0" * 64,
        SIGNATURE[:-1],
        SIGNATURE + "0",
        SIGNATURE.upper(),
        " " + SIGNATURE,
        "é" * 64,
        [SIGNATURE],
        {"hex": SIGNATURE},
        0,
        True,
    ],
)
def test_other_signatures(signature):
    body = json.dumps({"code": "00", "data": DATA, "signature": signature}).encode()
    assert refused(body) == ("signature", 401)


def test_a_missing_signature():
    assert refused(json.dumps({"code": "00", "data": DATA}).encode()) == ("signature", 401)


@pytest.mark.parametrize("name", DATA)
def test_every_part_is_covered(name):
    other = DATA[name] + 1 if isinstance(DATA[name], int) else DATA[name] + "x"
    changed = {"code": "00", "data": {**DATA, name: other}, "signature": SIGNATURE}
    assert refused(json.dumps(changed).encode()) == ("signature", 401)
    left_out = {key: value for key, value in DATA.items() if key != name}
    assert refused(json.dumps({"data": left_out, "signature": SIGNATURE}).encode()) == ("signature", 401)


def test_a_part_too_many():
    assert refused(json.dumps({"data": {**DATA, "x": ""}, "signature": SIGNATURE}).encode()) == ("signature", 401)


def test_headers_play_no_part():
    for headers in ({"x-signature": "é"}, {"Signature": "1", "signature": "2"}):
        assert PayOS().read(body=BODY, headers=headers, credentials=CREDENTIALS, now=NOW) == read()


def test_there_is_no_age():
    later = PayOS().read(body=BODY, headers={}, credentials=CREDENTIALS, now=NOW + timedelta(days=3000))
    assert later == read()


# --- What cannot be read ------------------------------------------------------------------------------------------


def test_huge():
    longest = BODY[:-1] + b" " * (256 * 1024 - len(BODY)) + b"}"
    assert len(read(longest).lines) == 1
    assert refused(longest + b" ") == ("huge", 413)
    assert refused(longest + b" ", credentials={}) == ("huge", 413)


@pytest.mark.parametrize("body", NOT_JSON.values(), ids=NOT_JSON)
def test_not_json(body):
    assert refused(body) == ("malformed", 400)


@pytest.mark.parametrize("body", NOT_UTF_8.values(), ids=NOT_UTF_8)
def test_not_utf_8(body):
    assert refused(body) == ("encoding", 400)


@pytest.mark.parametrize("body", [*NO_OBJECT, b'{"data":null}', b'{"data":[]}', b'{"data":"x"}', b'{"signature":"x"}'])
def test_no_object(body):
    assert refused(body) == ("malformed", 400)


def test_the_second_of_two_names_is_not_smuggled_in():
    doubled = BODY.replace(b'"amount": 20000', b'"amount": 20000, "amount": 90000')
    assert refused(doubled) == ("malformed", 400)


def test_a_number_that_no_javascript_holds():
    body = BODY.replace(b'"orderCode": 0', b'"orderCode": 1e400')
    assert refused(body) == ("malformed", 400)


@pytest.mark.parametrize(
    "literal", [*(literal for literal in NO_AMOUNT if literal not in PRINTED_DIFFERENTLY), "-20000", "-1", None]
)
def test_no_amount(literal):
    assert refused(told_with("amount", literal)) == ("malformed", 400)


@pytest.mark.parametrize("literal", [*NO_MOMENT, None])
def test_no_moment(literal):
    assert refused(told_with("transactionDateTime", literal)) == ("malformed", 400)


@pytest.mark.parametrize("literal", [*NO_ACCOUNT, None])
def test_no_account(literal):
    assert refused(told_with("accountNumber", literal)) == ("malformed", 400)


@pytest.mark.parametrize("name", ["description", "counterAccountName", "counterAccountNumber", "counterAccountBankId"])
@pytest.mark.parametrize("literal", NO_TEXT)
def test_no_text(name, literal):
    assert refused(told_with(name, literal)) == ("malformed", 400)


@pytest.mark.parametrize("literal", [*NO_TEXT, "null", '""', '" "', '"' + "R" * 101 + '"', None])
def test_no_reference(literal):
    assert refused(told_with("reference", literal)) == ("malformed", 400)


@pytest.mark.parametrize("literal", [*NO_TEXT, "null", '""', '"a b"', '"a:b"', '"é"', '"' + "L" * 101 + '"', None])
def test_no_payment_link(literal):
    assert refused(told_with("paymentLinkId", literal)) == ("malformed", 400)


@pytest.mark.parametrize("literal", [*NO_TEXT, "null", '"USD"', '"vnd"', '"VNDX"', None])
def test_no_dong(literal):
    assert refused(told_with("currency", literal)) == ("malformed", 400)


@pytest.mark.parametrize("literal", ["null", '"0"', "true", "0.5", "[]", "100000000000000000", None])
def test_no_order_code(literal):
    assert refused(told_with("orderCode", literal)) == ("malformed", 400)


@pytest.mark.parametrize("literal", [*NO_TEXT, "null", '""', None])
def test_no_code(literal):
    assert refused(told_with("code", literal)) == ("malformed", 400)
