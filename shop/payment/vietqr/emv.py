"""The text inside a VietQR code: encoding and decoding, nothing else (no database, no picture).

The format is EMVCo's merchant-presented mode with the NAPAS 247 template in field 38: a chain of fields, each with a
two-digit id, a two-digit length and a value, closed by a CRC. Encoding is strict, because a wrong code sends
somebody's money astray; decoding accepts fields in any order, as other generators differ there.
"""

import re
from dataclasses import dataclass, field

GUID = "A000000727"  # NAPAS
CURRENCY = "704"  # Vietnamese dong
COUNTRY = "VN"
TO_ACCOUNT = "QRIBFTTA"
TO_CARD = "QRIBFTTC"
SERVICES = frozenset({TO_ACCOUNT, TO_CARD})

MAX_LENGTH = 512  # characters in one EMVCo code
MAX_AMOUNT = 10**13 - 1
MAX_TEXT = 25

_BIN = re.compile(r"[0-9]{6}")
_ACCOUNT = re.compile(r"[A-Za-z0-9]{6,19}")
_CARD = re.compile(r"[0-9]{6,19}")
_TEXT = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ]*[A-Za-z0-9])?")
_AMOUNT = re.compile(r"[1-9][0-9]{0,12}")
_ASCII = re.compile(r"[\x20-\x7e]*")


class VietQRError(ValueError):
    """The input cannot become a VietQR code, or the text is not one.

    ``code`` says which part is wrong: ``bin``, ``account``, ``service``, ``amount``, ``memo``, ``bill``, ``name``,
    ``city`` or ``mcc``; in decoding also ``charset``, ``length`` (truncated or broken fields), ``order`` (00 not first
    or 63 not last), ``duplicate``, ``crc``, ``format``, ``method``, ``missing``, ``guid``, ``currency``, ``country``.
    """

    def __init__(self, code, detail=""):
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code


@dataclass(frozen=True)
class Payload:
    """What a VietQR code says. ``amount`` in dong; ``dynamic`` is true for a code made for one payment.

    ``additional`` holds all parts of field 62 by id, ``extra`` the fields this module does not interpret.
    """

    bin: str
    account: str
    service: str = TO_ACCOUNT
    dynamic: bool = False
    amount: int | None = None
    memo: str | None = None
    bill: str | None = None
    merchant_name: str | None = None
    merchant_city: str | None = None
    mcc: str | None = None
    additional: dict = field(default_factory=dict)
    extra: dict = field(default_factory=dict)


def crc16(text):
    """CRC-16/CCITT-FALSE as four capital hexadecimal digits: ``"123456789"`` gives ``"29B1"``."""
    crc = 0xFFFF
    for byte in text.encode("ascii"):
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1
        crc &= 0xFFFF
    return f"{crc:04X}"


# --- Encoding ------------------------------------------------------------------------------------------------------


def encode(
    *,
    bin,
    account,
    amount=None,
    memo=None,
    bill=None,
    service=TO_ACCOUNT,
    merchant_name=None,
    merchant_city=None,
    mcc=None,
):
    """The text of a VietQR code.

    ``bin``: the bank's six digits. ``account``: 6 to 19 letters and digits (digits only for a card). ``amount``: whole
    dong from 1 to 13 digits; with it the code is dynamic (one payment), without it static (the payer types the sum).
    ``memo`` and ``bill``: at most 25 letters, digits and inner spaces, no marks. Optional parts are left out when
    None; an empty text is an error, because some banking apps refuse a code with an empty part.
    Raises :class:`VietQRError`.
    """
    _check_beneficiary(bin, account, service)
    _check_amount(amount)
    for code, text, longest in (("memo", memo, MAX_TEXT), ("bill", bill, MAX_TEXT)):
        _check_text(code, text, longest)
    for code, text, longest in (("name", merchant_name, 25), ("city", merchant_city, 15)):
        _check_text(code, text, longest)
    if mcc is not None and not re.fullmatch(r"[0-9]{4}", str(mcc)):
        raise VietQRError("mcc")
    body = (
        _tlv("00", "01")
        + _tlv("01", "11" if amount is None else "12")
        + _tlv("38", _tlv("00", GUID) + _tlv("01", _tlv("00", bin) + _tlv("01", account)) + _tlv("02", service))
        + _optional("52", mcc)
        + _tlv("53", CURRENCY)
        + _optional("54", amount)
        + _tlv("58", COUNTRY)
        + _optional("59", merchant_name)
        + _optional("60", merchant_city)
        + _optional("62", (_optional("01", bill) + _optional("08", memo)) or None)
        + "6304"
    )
    return body + crc16(body)


def _tlv(id, value):
    return f"{id}{len(value):02d}{value}"


def _optional(id, value):
    return "" if value is None else _tlv(id, str(value))


def _check_beneficiary(bin, account, service):
    if not isinstance(bin, str) or not _BIN.fullmatch(bin):
        raise VietQRError("bin")
    if service not in SERVICES:
        raise VietQRError("service")
    wanted = _CARD if service == TO_CARD else _ACCOUNT
    if not isinstance(account, str) or not wanted.fullmatch(account):
        raise VietQRError("account")


def _check_amount(amount):
    if amount is None:
        return
    if isinstance(amount, bool) or not isinstance(amount, int) or not 0 < amount <= MAX_AMOUNT:
        raise VietQRError("amount")


def _check_text(code, text, longest):
    if text is None:
        return
    if not isinstance(text, str) or len(text) > longest or not _TEXT.fullmatch(text):
        raise VietQRError(code)


# --- Decoding ------------------------------------------------------------------------------------------------------


def decode(payload):
    """The :class:`Payload` of a VietQR text. Raises :class:`VietQRError` for everything that is not exactly one.

    Fields may come in any order, except 00 first and 63 last.
    """
    _check_envelope(payload)
    fields = _fields(payload)
    if list(fields)[-1] != "63" or fields["63"] != payload[-4:]:
        raise VietQRError("order", "63 is not last")
    _check_constants(fields)
    bin, account, service = _beneficiary(fields)
    amount = _amount(fields)
    additional = _fields(fields["62"]) if "62" in fields else {}
    known = {"00", "01", "38", "52", "53", "54", "58", "59", "60", "62", "63"}
    return Payload(
        bin=bin,
        account=account,
        service=service,
        dynamic=fields.get("01") == "12",
        amount=amount,
        memo=additional.get("08"),
        bill=additional.get("01"),
        merchant_name=fields.get("59"),
        merchant_city=fields.get("60"),
        mcc=fields.get("52"),
        additional=additional,
        extra={id: value for id, value in fields.items() if id not in known},
    )


def _check_envelope(payload):
    """What can be seen before reading any field: characters, size, both ends, and the CRC over all of it."""
    if not isinstance(payload, str) or not _ASCII.fullmatch(payload):
        raise VietQRError("charset")
    if not 12 <= len(payload) <= MAX_LENGTH:
        raise VietQRError("length")
    if payload[:4] != "0002":
        raise VietQRError("order", "00 is not first")
    if payload[-8:-4] != "6304":
        raise VietQRError("order", "63 is not last")
    if payload[-4:].upper() != crc16(payload[:-4]):
        raise VietQRError("crc")


def _fields(text):
    """The fields of one level by id, in their order. Every character must belong to a field."""
    fields, place = {}, 0
    while place < len(text):
        id, size = text[place : place + 2], text[place + 2 : place + 4]
        if not re.fullmatch(r"[0-9]{4}", id + size) or size == "00":
            raise VietQRError("length", f"broken field at {place}")
        value = text[place + 4 : place + 4 + int(size)]
        if len(value) != int(size):
            raise VietQRError("length", f"field {id} is cut off")
        if id in fields:
            raise VietQRError("duplicate", id)
        fields[id] = value
        place += 4 + int(size)
    return fields


def _check_constants(fields):
    for id, wanted, code in (("00", "01", "format"), ("53", CURRENCY, "currency"), ("58", COUNTRY, "country")):
        if fields.get(id) != wanted:
            raise VietQRError(code)
    if fields.get("01", "11") not in ("11", "12"):
        raise VietQRError("method")


def _beneficiary(fields):
    if "38" not in fields:
        raise VietQRError("missing", "38")
    merchant = _fields(fields["38"])
    if merchant.get("00") != GUID:
        raise VietQRError("guid")
    if not {"01", "02"} <= merchant.keys():
        raise VietQRError("missing", "38.01 or 38.02")
    holder = _fields(merchant["01"])
    bin, account, service = holder.get("00"), holder.get("01"), merchant["02"]
    _check_beneficiary(bin, account, service)
    return bin, account, service


def _amount(fields):
    text = fields.get("54")
    if text is None:
        if fields.get("01") == "12":
            raise VietQRError("amount", "a dynamic code needs one")
        return None
    if not _AMOUNT.fullmatch(text):
        raise VietQRError("amount")
    return int(text)
