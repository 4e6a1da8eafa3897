import json
import random
import string
from pathlib import Path

import pytest
from vietnam_qr_pay import QRPay, VietQRService

from shop.payment.vietqr import emv
from shop.payment.vietqr.emv import VietQRError, decode, encode

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))
VALID = [v for v in VECTORS if v["valid"]]
INVALID = [v for v in VECTORS if not v["valid"]]
ORDER = {"bin": "970405", "account": "6500205123456", "amount": 195000, "memo": "OCOP7K3M9QZ"}

by_id = {"ids": lambda v: v["id"]}


def sealed(body):
    """The body with a right CRC, to reach the checks behind it."""
    body += "6304"
    return body + emv.crc16(body)


def code_of(call, *args, **kwargs):
    with pytest.raises(VietQRError) as error:
        call(*args, **kwargs)
    return error.value.code


def inputs(vector):
    return {
        "bin": vector["bin"],
        "account": vector["account"],
        "service": vector["service"],
        "amount": int(vector["amount"]) if vector["amount"] else None,
        "bill": vector["bill"],
        "memo": vector["purpose"],
    }


def test_all_vectors_are_here():
    assert (len(VALID), len(INVALID)) == (9, 2)


def test_crc_check_value():
    assert emv.crc16("123456789") == "29B1"


@pytest.mark.parametrize("vector", [v for v in VALID if "decode only" not in v["source"]], **by_id)
def test_encodes_like_the_published_vectors(vector):
    assert encode(**inputs(vector)) == vector["payload"]


@pytest.mark.parametrize("vector", VALID, **by_id)
def test_decodes_the_published_vectors(vector):
    payload = decode(vector["payload"])
    wanted = inputs(vector)
    assert {name: getattr(payload, name) for name in wanted} == wanted
    assert payload.dynamic == (wanted["amount"] is not None)


def test_keeps_what_it_does_not_interpret():
    momo = decode(next(v["payload"] for v in VALID if v["id"] == "momo-wallet"))
    assert momo.additional == {"05": "MOMOW2W34875080"}
    assert momo.extra == {"80": "046"}


@pytest.mark.parametrize("vector", INVALID, **by_id)
def test_refuses_the_bad_vectors(vector):
    assert code_of(decode, vector["payload"]) in {"crc", "length"}


def test_service_inside_the_beneficiary_is_refused_even_with_a_right_crc():
    bad = next(v["payload"] for v in INVALID if v["id"] == "neg-crc")
    assert code_of(decode, sealed(bad[:-8])) == "missing"


def random_input(rng):
    service = rng.choice(sorted(emv.SERVICES))
    letters = string.digits if service == emv.TO_CARD else string.digits + string.ascii_letters
    memo = "".join(rng.choices(string.ascii_letters + string.digits + " ", k=rng.randint(1, 25))).strip()
    return {
        "bin": f"{rng.randrange(10**6):06d}",
        "account": "".join(rng.choices(letters, k=rng.randint(6, 19))),
        "service": service,
        "amount": rng.choice([None, rng.randint(1, 10 ** rng.randint(1, 13) - 1)]),
        "bill": rng.choice([None, "".join(rng.choices(string.ascii_uppercase + string.digits, k=rng.randint(1, 25)))]),
        "memo": rng.choice([None, memo or None]),
    }


def oracle(values):
    qr = QRPay.init_viet_qr(
        bank_bin=values["bin"],
        bank_number=values["account"],
        amount=None if values["amount"] is None else str(values["amount"]),
        purpose=values["memo"],
        service=VietQRService(values["service"]),
    )
    qr.additional_data.bill_number = values["bill"]
    return qr.build()


def test_5000_random_codes_equal_an_independent_encoder():
    rng = random.Random(20261124)
    for _ in range(5000):
        values = random_input(rng)
        payload = encode(**values)
        assert payload == oracle(values)
        read = decode(payload)
        assert {name: getattr(read, name) for name in values} == values


def test_merchant_fields_round_trip():
    payload = encode(**ORDER, merchant_name="HTX VINH KIM", merchant_city="DONG THAP", mcc="5499")
    read = decode(payload)
    assert (read.merchant_name, read.merchant_city, read.mcc) == ("HTX VINH KIM", "DONG THAP", "5499")
    assert payload.index("5204") < payload.index("5303") < payload.index("5912") < payload.index("6009")


def test_never_an_empty_additional_part():
    static = encode(bin="970405", account="650020512345")
    assert static[:-4].endswith("5303704" + "5802VN" + "6304")


@pytest.mark.parametrize("bin", ["", "97040", "9704055", "97040A", "٩٧٠٤٠٥", 970405, None, "97040\n"])
def test_bin_refused(bin):
    assert code_of(encode, **{**ORDER, "bin": bin}) == "bin"


@pytest.mark.parametrize("account", ["", "12345", "1" * 20, "1234 567", "12345-67", "tài khoản", 6500205123456, None])
def test_account_refused(account):
    assert code_of(encode, **{**ORDER, "account": account}) == "account"


@pytest.mark.parametrize("account", ["123456", "1" * 19, "99MM24011M34875080"])
def test_account_limits(account):
    assert decode(encode(**{**ORDER, "account": account})).account == account


def test_card_number_has_digits_only():
    assert code_of(encode, **{**ORDER, "account": "99MM24011M", "service": "QRIBFTTC"}) == "account"


@pytest.mark.parametrize("amount", [0, -1, 10**13, 1.5, 195000.0, "195000", True])
def test_amount_refused(amount):
    assert code_of(encode, **{**ORDER, "amount": amount}) == "amount"


@pytest.mark.parametrize("amount", [1, 10**13 - 1])
def test_amount_limits(amount):
    assert decode(encode(**{**ORDER, "amount": amount})).amount == amount


@pytest.mark.parametrize("memo", ["", " ", " A", "A ", "A" * 26, "đơn hàng", "A-B", "A\nB", "A.B", 7])
def test_memo_refused(memo):
    assert code_of(encode, **{**ORDER, "memo": memo}) == "memo"


@pytest.mark.parametrize(
    ("part", "value", "code"),
    [
        ("bill", "", "bill"),
        ("bill", "B" * 26, "bill"),
        ("service", "QRPUSH", "service"),
        ("service", None, "service"),
        ("merchant_name", "N" * 26, "name"),
        ("merchant_name", "HTX Vĩnh Kim", "name"),
        ("merchant_city", "C" * 16, "city"),
        ("mcc", "54", "mcc"),
    ],
)
def test_other_parts_refused(part, value, code):
    assert code_of(encode, **{**ORDER, part: value}) == code


def fields_of(payload):
    """The outer fields as strings, without the CRC."""
    found, place = [], 0
    while place < len(payload) - 8:
        end = place + 4 + int(payload[place + 2 : place + 4])
        found.append(payload[place:end])
        place = end
    return found


def test_reads_fields_in_any_order():
    payload = encode(**ORDER, bill="B1")
    first, *rest = fields_of(payload)
    for seed in range(50):
        random.Random(seed).shuffle(rest)
        assert decode(sealed(first + "".join(rest))) == decode(payload)


def test_00_must_be_first():
    first, second, *rest = fields_of(encode(**ORDER))
    assert code_of(decode, sealed(second + first + "".join(rest))) == "order"


def test_63_must_be_last():
    payload = encode(**ORDER)
    assert code_of(decode, payload + "5909HTX DT AB") == "order"


def test_any_changed_character_is_noticed():
    payload = encode(**ORDER)
    for place, was in enumerate(payload):
        other = "7" if was != "7" else "8"
        with pytest.raises(VietQRError):
            decode(payload[:place] + other + payload[place + 1 :])


def test_every_truncation_is_noticed():
    payload = encode(**ORDER)
    complete = payload.index("6215")  # without the memo it is a shorter code, but a whole one
    for length in range(len(payload) - 8):
        with pytest.raises(VietQRError):
            decode(payload[:length])
        if length != complete:
            with pytest.raises(VietQRError):
                decode(sealed(payload[:length]))


@pytest.mark.parametrize(
    ("was", "becomes", "code"),
    [
        ("A000000727", "A000000728", "guid"),
        ("5303704", "5303840", "currency"),
        ("5802VN", "5802US", "country"),
        ("000201", "000202", "format"),
        ("010212", "010213", "method"),
        ("5406195000", "54060195.0", "amount"),
        ("5406195000", "5406000000", "amount"),
        ("5406195000", "", "amount"),
        ("QRIBFTTA", "QRIBFTTX", "service"),
        ("0006970405", "000697040X", "bin"),
        ("5802VN", "5802VN5802VN", "duplicate"),
        ("5802VN", "5802VN5900", "length"),
        ("5802VN", "5802VN59xx", "length"),
        ("0208QRIBFTTA", "0308QRIBFTTA", "missing"),
        ("OCOP7K3M9QZ", "OCOP7K3M9Qé", "charset"),
    ],
)
def test_decode_refuses(was, becomes, code):
    body = encode(**ORDER)[:-8]
    assert was in body
    changed = body.replace(was, becomes)
    payload = changed + "63040000" if code == "charset" else sealed(changed)
    assert code_of(decode, payload) == code


def test_no_beneficiary():
    assert code_of(decode, sealed("00020101021153037045802VN")) == "missing"


@pytest.mark.parametrize(
    "junk", ["", "0002", None, b"000201", "https://example.com", "0002016304", "0" * 600, "0002" * 200]
)
def test_junk_is_refused(junk):
    with pytest.raises(VietQRError):
        decode(junk)


def test_random_junk_with_a_right_crc_never_crashes():
    rng = random.Random(7)
    body = encode(**ORDER)[4:-8]
    for _ in range(3000):
        letters = list(body)
        for _ in range(rng.randint(1, 4)):
            letters[rng.randrange(len(letters))] = rng.choice(string.printable[:95])
        try:
            decode(sealed("0002" + "".join(letters)))
        except VietQRError as error:
            assert error.code


def test_static_code_with_amount_is_read():
    payload = sealed(encode(**ORDER)[:-8].replace("010212", "010211"))
    assert (decode(payload).dynamic, decode(payload).amount) == (False, 195000)


def test_lower_case_crc_is_read():
    payload = encode(**ORDER)
    assert decode(payload[:-4] + payload[-4:].lower()) == decode(payload)
