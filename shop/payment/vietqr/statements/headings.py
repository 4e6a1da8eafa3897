"""What the columns of a statement are called: Vietnamese and English names, as banks in Viet Nam print them.

Names are written as :func:`shop.core.text.fold` leaves them. The earlier ones of a role are preferred when several
columns qualify: the day of the transaction before the day of its effect.
"""

import re
import unicodedata
from collections.abc import Sequence

from shop.core.text import fold

ROLES: dict[str, tuple[str, ...]] = {
    "date": (
        "ngay gio giao dich", "ngay gio gd", "ngay giao dich", "ngay gd", "transaction date", "tnx date", "txn date",
        "trans date", "trdt", "thoi gian giao dich", "thoi gian gd", "ngay gio", "date time", "ngay phat sinh",
        "ngay thuc hien", "ngay kh thuc hien", "requesting date", "ngay hach toan", "accounting date", "posting date",
        "booking date", "ngay ghi so", "ngay chung tu", "ngay ct", "ngay hieu luc", "effective date", "ngay gia tri",
        "value date", "ngay", "date", "thoi gian",
    ),
    "time": ("gio giao dich", "gio gd", "transaction time", "gio", "time"),
    "memo": (
        "noi dung giao dich", "noi dung chi tiet", "noi dung chuyen khoan", "noi dung thanh toan", "noi dung",
        "dien giai", "mo ta giao dich", "mo ta", "transaction description", "description", "transactions in detail",
        "transaction details", "payment details", "narrative", "remarks", "remark", "details", "rem", "chi tiet",
        "thong tin giao dich", "ghi chu",
    ),
    "credit": (
        "so tien ghi co", "so tien co", "ghi co", "so phat sinh co", "phat sinh co", "ps co", "co credit", "co",
        "credit amount", "credit", "so tien gui vao", "tien gui vao", "gui vao", "so tien gui", "so tien vao",
        "tien vao", "deposit", "deposits", "money in", "paid in", "thu",
    ),
    "debit": (
        "so tien ghi no", "so tien no", "ghi no", "so phat sinh no", "phat sinh no", "ps no", "no debit", "no",
        "debit amount", "debit", "so tien rut ra", "tien rut ra", "rut ra", "so tien rut", "so tien ra", "tien ra",
        "withdrawal", "withdrawals", "money out", "paid out", "chi",
    ),
    "amount": (
        "so tien giao dich", "so tien gd", "so tien ghi no co", "so tien", "transaction amount", "amount",
        "gia tri giao dich", "gia tri gd", "acctccyamt", "phat sinh",
    ),
    "sign": (
        "thay doi", "ghi no co", "ghi no ghi co", "no co", "debit credit", "d c", "c d", "dr cr", "cr dr", "chieu",
        "dau", "loai giao dich", "loai gd", "transaction type", "loai", "type",
    ),
    "reference": (
        "so tham chieu", "ma tham chieu", "so but toan", "ma giao dich", "ma gd", "so giao dich", "so gd",
        "reference number", "reference no", "reference", "transaction number", "transaction no", "transaction id",
        "ref no", "ref", "so ct", "doc no", "so chung tu", "but toan",
    ),
    "balance": (
        "so du sau giao dich", "so du luy ke", "so du tai khoan", "running balance", "account balance", "so du",
        "balance", "aftrbal",
    ),
    "payer_name": (
        "ten tai khoan doi ung", "ten tk doi ung", "ten doi ung", "ten nguoi chuyen", "ten nguoi gui", "ten doi tac",
        "don vi thu huong", "don vi chuyen", "nguoi chuyen", "nguoi gui", "corresponsive name",
        "remitter s account name", "counter account name", "counterparty name", "sender name", "doi tac", "remitter",
        "counterparty", "nguoi thu huong", "beneficiary",
    ),
    "payer_number": (
        "so tai khoan doi ung", "so tk doi ung", "stk doi ung", "tai khoan doi ung", "tk doi ung", "tai khoan doi tac",
        "tai khoan dich", "tai khoan chuyen", "corresponsive account", "remitter s account number",
        "counter account number", "counter account", "counterparty account", "tomgntno",
    ),
    "other": (
        "stt", "so thu tu", "ngan hang", "nh doi ung", "so tien phi", "so tien thue", "phi", "thue", "fee", "vat",
        "transaction fee", "transaction vat", "loai tien", "currency", "ty gia", "so tai khoan", "tai khoan",
        "account", "ten tai khoan", "chi nhanh", "branch", "kenh", "channel", "trang thai", "status", "so du dau",
        "so du cuoi ky", "opening balance", "closing balance", "so du kha dung",
    ),
}  # fmt: skip

# Names that are common words, too: only as the whole heading.
WHOLE = frozenset({
    "co", "no", "thu", "chi", "ngay", "date", "time", "gio", "type", "loai", "dau", "ref", "rem", "phi", "thue", "vat",
    "fee", "account", "tai khoan", "phat sinh", "chi tiet", "chieu", "doi tac", "remitter", "beneficiary", "details",
    "ghi chu", "thoi gian", "c d", "d c",
})  # fmt: skip

SIGN_MARKS = frozenset({"+/-", "-/+", "+ / -", "±"})
MAX_HEADING = 120  # characters; longer cells are letterheads

_RANK = {(role, name): rank for role, names in ROLES.items() for rank, name in enumerate(names)}
_FOOTNOTE = re.compile(r"(?<=[a-z]{2})[0-9]\b")


def heading(cell: object) -> str:
    """The heading in folded form, without the figures of footnotes: ``"Ngày hiệu lực2/"`` is ``"ngay hieu luc"``."""
    return _FOOTNOTE.sub("", fold(cell)) if isinstance(cell, str) and len(cell) <= MAX_HEADING else ""


def role_of(cell: object) -> tuple[str, str] | None:
    """The role that a heading names and the name it was recognised by; None when it names none."""
    text = heading(cell)
    if not text:
        return ("sign", "d c") if isinstance(cell, str) and cell.strip() in SIGN_MARKS else None
    if text == "no":  # "Nợ", or the English "No." for a number
        return ("debit", "no") if "ợ" in unicodedata.normalize("NFC", cell).lower() else None
    found = [(_fit(text, name), role, name) for role, names in ROLES.items() for name in names if name in text]
    fit, role, name = max(found, default=(0, "", ""))
    return (role, name) if fit else None


def _fit(text: str, name: str) -> int:
    """How well a name fits: whole before beginning before middle, longer before shorter; 0 for not at all."""
    if text == name:
        return 2000 + len(name)
    if name in WHOLE:
        return 0
    if text.startswith(name + " "):
        return 1000 + len(name)
    return len(name) if f" {name} " in f" {text} " else 0


def roles_in(cells: Sequence[object]) -> dict[str, int]:
    """The column of each role that a row of headings names, from 0; the preferred one where several qualify."""
    best: dict[str, tuple[int, int]] = {}
    for column, cell in enumerate(cells):
        found = role_of(cell)
        if found and found[0] != "other":
            best[found[0]] = min((_RANK[found], column), best.get(found[0], (10_000, 0)))
    roles = {role: column for role, (_, column) in best.items()}
    return _completed(roles, [heading(cell) for cell in cells])


def _completed(roles: dict[str, int], texts: list[str]) -> dict[str, int]:
    """What only the whole row can tell: "No" beside "Co", a time beside a date, a number inside the date's column."""
    if "debit" not in roles and "credit" in roles and texts[roles["credit"]] == "co" and "no" in texts:
        roles["debit"] = texts.index("no")
    if "time" not in roles and "date" in roles and "thoi gian" in texts and texts[roles["date"]] != "thoi gian":
        roles["time"] = texts.index("thoi gian")
    if "reference" not in roles and "date" in roles:
        date_heading = f" {texts[roles['date']]} "
        if any(f" {name} " in date_heading for name in ("so ct", "doc no", "so chung tu")):
            roles["reference"] = roles["date"]
    return roles
