"""Whatever comes in, a feed answers with a notice or with a ``FeedError``, and a notice can be stored as it is."""

import json
import re
from datetime import timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shop.payment.vietqr.feeds import feeds
from shop.payment.vietqr.feeds.base import STATUS, FeedError, Notice
from tests.fakes.banks import PAYOS_SAMPLE, casso_sign, payos_body, sepay_hmac, sepay_key
from tests.unit.payment.vietqr.feeds.casso.test_webhook import OLDER_ROW, ROW
from tests.unit.payment.vietqr.feeds.payos.test_webhook import DATA
from tests.unit.payment.vietqr.feeds.sepay.test_webhook import PAYLOAD
from tests.unit.payment.vietqr.feeds.shapes import NOW

KEY = "key"
FORMS = {
    "sepay signed": ("sepay", {"hmac_secret": KEY}),
    "sepay key": ("sepay", {"api_key": KEY}),
    "payos": ("payos", {"checksum_key": KEY}),
    "casso signed": ("casso", {"checksum_key": KEY}),
    "casso token": ("casso", {"secure_token": KEY}),
}
BASES = [PAYLOAD, DATA, PAYOS_SAMPLE, ROW, OLDER_ROW]
ENVELOPES = [
    lambda row: row,
    lambda row: {"error": 0, "data": row},
    lambda row: {"error": 0, "data": [row]},
]

anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["in", "out", "00", "VND", "2026-11-24 09:02:37", "0123499999", 1e400, -0.0, 10**400]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
changes = st.dictionaries(st.sampled_from(sorted({name for base in BASES for name in base})), anything, max_size=3)
header_names = ["X-SePay-Timestamp", "X-SePay-Signature", "Authorization", "X-Casso-Signature", "secure-token"]
header_values = st.text() | st.sampled_from(["Apikey key", "key", "1795485757", "t=1795485757000,v1=" + "0" * 128])


def outcome(form, body, headers, now=NOW):
    """The notice, or the code of the error. Everything else fails the test."""
    code, credentials = FORMS[form]
    try:
        notice = feeds()[code].read(body=body, headers=headers, credentials=credentials, now=now)
    except FeedError as error:
        assert error.status == STATUS[error.code]
        return error.code
    assert isinstance(notice, Notice)
    for line in notice.lines:
        check_storable(line)
    return notice


def check_storable(line):
    assert type(line.amount) is int
    assert 0 < line.amount < 10**13
    assert type(line.incoming) is bool
    assert line.occurred_at.utcoffset() is not None
    assert abs(line.occurred_at.timestamp()) < 10**11
    assert re.fullmatch(r"[A-Za-z0-9]{1,30}", line.account)
    assert re.fullmatch(r"[A-Za-z0-9]{0,30}", line.virtual_account)
    assert 1 <= len(line.foreign_id) <= 100
    longest = {"memo": 1000, "reference": 100, "payer_bin": 12, "payer_number": 40, "payer_name": 120}
    assert all(len(getattr(line, name)) <= size for name, size in longest.items())
    texts = [value for value in vars(line).values() if isinstance(value, str)]
    assert not any("\x00" in value for value in texts)
    assert "".join(texts).encode()  # no half of a surrogate pair
    assert isinstance(json.loads(line.raw), dict)


def signed(form, body):
    """Headers with which the feed believes the body, as far as it can be signed."""
    try:
        return {
            "sepay signed": lambda: sepay_hmac(body, KEY, NOW),
            "sepay key": lambda: sepay_key(KEY),
            "payos": dict,
            "casso signed": lambda: casso_sign(body, KEY, NOW),
            "casso token": lambda: {"secure-token": KEY},
        }[form]()
    except (ValueError, RecursionError):
        return {"X-Casso-Signature": "t=1795485757000,v1=" + "0" * 128}


@pytest.mark.parametrize("form", FORMS)
@given(body=st.binary(max_size=2_000), headers=st.dictionaries(st.sampled_from(header_names), header_values))
@settings(max_examples=200, deadline=None)
def test_bytes_of_strangers(form, body, headers):
    assert outcome(form, body, headers) in STATUS or form in ("sepay key", "casso token")


@pytest.mark.parametrize("form", FORMS)
@given(body=st.binary(max_size=2_000))
@settings(max_examples=200, deadline=None)
def test_signed_bytes(form, body):
    found = outcome(form, body, signed(form, body))
    assert found in ("malformed", "encoding", "signature") or found == Notice(())


@pytest.mark.parametrize("form", FORMS)
@given(
    base=st.sampled_from(BASES),
    envelope=st.sampled_from(ENVELOPES),
    changes=changes,
    seconds=st.integers(-400, 400),
    ascii_only=st.booleans(),
)
@settings(max_examples=400, deadline=None)
@example(base=ROW, envelope=ENVELOPES[1], changes={}, seconds=0, ascii_only=False)
@example(base=DATA, envelope=ENVELOPES[0], changes={"amount": 10**400}, seconds=0, ascii_only=True)
def test_signed_fields(form, base, envelope, changes, seconds, ascii_only):
    row = {**base, **changes}
    if form == "payos":
        try:
            body = payos_body(row, KEY)
        except UnicodeEncodeError:
            body = b"\xed\xa0\x80"
    else:
        body = json.dumps(envelope(row), ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    outcome(form, body, signed(form, body), NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("form", FORMS)
@given(data=st.data())
@settings(max_examples=200, deadline=None)
def test_a_good_body_with_damage(form, data):
    body = {
        "sepay signed": json.dumps(PAYLOAD),
        "sepay key": json.dumps(PAYLOAD),
        "payos": payos_body(DATA, KEY).decode(),
        "casso signed": json.dumps({"error": 0, "data": ROW}),
        "casso token": json.dumps({"error": 0, "data": [OLDER_ROW]}),
    }[form].encode()
    assert len(outcome(form, body, signed(form, body)).lines) == 1
    place = data.draw(st.integers(0, len(body)))
    damaged = body[:place] + data.draw(st.binary(max_size=6)) + body[place + data.draw(st.integers(0, 6)) :]
    outcome(form, damaged, signed(form, damaged))
    if form in ("sepay signed", "payos") and damaged != body:
        found = outcome(form, damaged, signed(form, body))
        assert found == "signature" or form == "payos"
