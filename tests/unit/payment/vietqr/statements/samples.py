"""Fictional statements in the layouts of Vietnamese banks, the same ones every time.

The headings are those that public programs for reading statements name for Vietcombank, Agribank, BIDV, VietinBank, MB,
Techcombank and ACB. For KienlongBank no public file was found: its layout stands for banks with date and time apart.
All names, numbers and movements are invented.
"""

import csv
import io
import random
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from openpyxl import Workbook

from shop.core.dates import TZ

NOW = datetime(2026, 12, 20, 9, 0, tzinfo=TZ)
NOTE = "DỮ LIỆU MẪU, KHÔNG CÓ THẬT"

PAYERS = (
    ("NGUYEN THI MAU", "0071000000001"),
    ("TRAN VAN THU", "109800000002"),
    ("LE HOANG GIA DINH", "19030000000003"),
    ("CONG TY TNHH MAU SO 4", "6500200000004"),
    ("PHAM THI CHI NHANH", "060000000005"),
)
MEMOS = (
    "MBVCB.{n}.OCOP{code}.CT tu {number} {name} toi 0650000000009 HTX MAU",
    "OCOP{code} {name} chuyen tien",
    "IBFT OCOP{code};mua trái cây, 2 thùng|giao sáng",
    'Thanh toán "đơn hàng" OCOP{code}, cảm ơn\nHTX',
    "=OCOP{code}+{n}",
    "-QR {name} OCOP{code}",
)


@dataclass(frozen=True)
class Movement:
    at: datetime
    amount: int  # dong, negative for money out
    memo: str
    reference: str
    payer_name: str
    payer_number: str
    balance: int = 0


def movements(count: int = 12, seed: int = 1) -> list[Movement]:
    """Movements in the order of time, two to five a day, with their balance."""
    rng = random.Random(seed)
    at, balance, made = datetime(2026, 12, 1, 6, 0), 20_000_000, []
    for n in range(count):
        at += timedelta(seconds=rng.randint(200, 20_000))
        amount = rng.choice([195_000, 1_250_000, 345_000, 2_277_000, -500_000, -11_000]) + rng.randint(0, 9) * 1000
        name, number = rng.choice(PAYERS)
        code = "".join(rng.choices("ABCDEFGHJKMNPQRSTUVWXYZ23456789", k=7))
        memo = rng.choice(MEMOS).format(n=3278900000 + n, code=code, name=name, number=number)
        balance += amount
        reference = f"FT26335{rng.randint(10**8, 10**9 - 1)}"
        made.append(Movement(at, amount, memo, reference, name, number, balance))
    return made


@dataclass(frozen=True)
class Layout:
    """How a bank arranges its statement. Cells are text, dong or datetimes; files turn the latter two into text."""

    letterhead: Sequence[Sequence[object]]
    headings: Sequence[Sequence[str]]
    cells: Callable[[Movement, int], list[object]]
    footer: Sequence[Sequence[object]] = ()
    date: str = "%d/%m/%Y"
    money: str = ","  # between thousands
    decimals: str = ""

    def rows(self, made: Sequence[Movement]) -> list[list[object]]:
        body = [self.cells(movement, n) for n, movement in enumerate(made, 1)]
        return [list(row) for row in (*self.letterhead, *self.headings, *body, *self.footer)]

    def texts(self, made: Sequence[Movement]) -> list[list[str]]:
        return [[self.text(cell) for cell in row] for row in self.rows(made)]

    def text(self, cell: object) -> str:
        if isinstance(cell, datetime):
            return cell.strftime(self.date)
        if isinstance(cell, int):
            return f"{cell:,}".replace(",", self.money) + self.decimals
        return "" if cell is None else str(cell)


def _out(movement: Movement) -> int | None:
    return -movement.amount if movement.amount < 0 else None


def _in(movement: Movement) -> int | None:
    return movement.amount if movement.amount > 0 else None


def _day(movement: Movement) -> datetime:
    return movement.at.replace(hour=0, minute=0, second=0)


def _head(bank: str) -> list[list[object]]:
    return [
        [bank],
        [NOTE],
        ["SAO KÊ TÀI KHOẢN / STATEMENT OF ACCOUNT"],
        ["Số tài khoản/Account number:", "0650000000009", "", "Loại tiền/Currency: VND"],
        ["Từ ngày/From:", "01/12/2026", "Đến ngày/To:", "20/12/2026"],
        [],
        ["Số dư đầu kỳ", "Tổng ghi nợ", "Tổng ghi có", "Số dư cuối kỳ"],
        [20_000_000, 1_022_000, 9_876_000, 28_854_000],
        [],
    ]


LAYOUTS: dict[str, Layout] = {
    "vietcombank": Layout(
        letterhead=_head("NGÂN HÀNG TMCP NGOẠI THƯƠNG VIỆT NAM"),
        headings=[
            [
                "STT\nNo.",
                "Ngày1/\nTNX Date/ Số CT/ Doc No",
                "Số tiền ghi nợ/\nDebit",
                "Số tiền ghi có/\nCredit",
                "Số dư/\nBalance",
                "Nội dung chi tiết/\nTransactions in detail",
            ]
        ],
        cells=lambda m, n: [
            n,
            f"{m.at:%d/%m/%Y}\n{m.reference[-9:-5]}.{m.reference[-5:]}",
            _out(m),
            _in(m),
            m.balance,
            m.memo,
        ],
        footer=[["", "Tổng số", 1_022_000, 9_876_000], ["Telex: (0000) 000000 MAU - VT"], ["Page 1 of 1"]],
    ),
    "vietcombank_web": Layout(
        letterhead=[["Lịch sử giao dịch"], [NOTE], ["Tài khoản", "0650000000009"]],
        headings=[["Ngày giao dịch", "Số tham chiếu", "Thay đổi", "Số tiền", "Mô tả"]],
        cells=lambda m, n: [_day(m), m.reference, "+" if m.amount > 0 else "-", abs(m.amount), m.memo],
        date="%Y-%m-%d",
    ),
    "agribank": Layout(
        letterhead=[],
        headings=[["trdt", "trcdnm", "acctccyamt", "aftrbal", "rem", "tomgntno"]],
        cells=lambda m, n: [f"{m.at:%Y%m%d}", "Transfer", m.amount, m.balance, m.memo, m.payer_number],
        money="",
    ),
    "bidv": Layout(
        letterhead=_head("NGÂN HÀNG TMCP ĐẦU TƯ VÀ PHÁT TRIỂN VIỆT NAM"),
        headings=[["STT", "Ngày hiệu lực", "Ngày giao dịch", "Ghi nợ", "Ghi có", "Số dư", "Mô tả"]],
        cells=lambda m, n: [n, _day(m), _day(m), _out(m) or 0, _in(m) or 0, m.balance, m.memo],
        footer=[["Cộng phát sinh", "", "", 1_022_000, 9_876_000], ["Số dư cuối kỳ", "", "", "", "", 28_854_000]],
    ),
    "vietinbank": Layout(
        letterhead=[["VIETINBANK eFAST"], *_head("LỊCH SỬ GIAO DỊCH - TRANSACTION HISTORY")],
        headings=[
            [
                "STT/ No",
                "Ngày hạch toán/ Accounting date",
                "Mô tả giao dịch/ Transaction description",
                "Nợ/ Debit",
                "Có / Credit",
                "Số dư tài khoản/ Account balance",
                "Số giao dịch/ Transaction number",
                "Số tài khoản đối ứng/ Corresponsive account",
                "Tên tài khoản đối ứng/ Corresponsive name",
            ],
            ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)"],
        ],
        cells=lambda m, n: [
            n,
            m.at,
            m.memo,
            _out(m),
            _in(m),
            m.balance,
            m.reference,
            m.payer_number,
            m.payer_name,
        ],
        footer=[["Tổng cộng / Total", "", "", 1_022_000, 9_876_000]],
        date="%d-%m-%Y %H:%M:%S",
    ),
    "mb": Layout(
        letterhead=_head("NGÂN HÀNG TMCP QUÂN ĐỘI"),
        headings=[
            [
                "STT\nNo",
                "Ngày giao dịch\nTransaction Date",
                "Số bút toán\nTransaction No",
                "Phát sinh nợ\nDebit",
                "Phát sinh có\nCredit",
                "Nội dung\nDetails",
                "Đơn vị thụ hưởng/Đơn vị chuyển\nBeneficiary/Remitter",
                "Tài khoản\nAccount",
                "Ngân hàng đối tác\nBank",
            ]
        ],
        cells=lambda m, n: [
            n,
            m.at,
            m.reference,
            _out(m) or 0,
            _in(m) or 0,
            m.memo,
            m.payer_name,
            m.payer_number,
            "MAU BANK",
        ],
        footer=[["Tổng số tiền", "", "", 1_022_000, 9_876_000]],
        date="%d/%m/%Y %I:%M:%S %p",
        decimals=".00",
    ),
    "techcombank": Layout(
        letterhead=_head("VIETNAM TECHNOLOGICAL AND COMMERCIAL JSC BANK"),
        headings=[
            [
                "Ngày KH thực hiện/Requesting date",
                "Ngày giao dịch/Transaction date",
                "Số bút toán/Reference number",
                "Ngân hàng đối tác / Remitter's bank",
                "Tài khoản đích/Remitter's account number",
                "Tên tài khoản đối ứng/Remitter's account name",
                "Diễn giải/Description",
                "Nợ/Debit",
                "Có/Credit",
                "Phí/Lãi Fee/Interest",
                "Thuế/Transaction VAT",
                "Số dư/Running balance",
            ]
        ],
        cells=lambda m, n: [
            m.at - timedelta(days=1),
            m.at,
            m.reference,
            "MAU",
            m.payer_number,
            m.payer_name,
            m.memo,
            _out(m),
            _in(m),
            None,
            None,
            m.balance,
        ],
        footer=[["Tổng cộng", "", "", "", "", "", "", 1_022_000, 9_876_000]],
        date="%Y-%m-%d %H:%M:%S",
    ),
    "acb": Layout(
        letterhead=[["BẢNG SAO KÊ GIAO DỊCH - Tài khoản số: 0650000009"], [NOTE], ["Số dư đầu", 20_000_000]],
        headings=[
            [
                "Ngày hiệu lực",
                "Ngày giao dịch",
                "Số GD",
                "Nội dung giao dịch",
                "Số tiền",
                "",
                "Số dư",
                "Tên đối ứng",
                "TK đối ứng",
            ],
            ["", "", "", "", "Rút ra", "Gửi vào", "", "", ""],
        ],
        cells=lambda m, n: [
            _day(m),
            _day(m),
            m.reference,
            m.memo,
            _out(m),
            _in(m),
            m.balance,
            m.payer_name,
            m.payer_number,
        ],
        footer=[["Tổng cộng", "", "", "", 1_022_000, 9_876_000], ["Số dư cuối", "", "", "", "", "", 28_854_000]],
        money=".",
    ),
    "kienlongbank": Layout(
        letterhead=_head("NGÂN HÀNG TMCP KIÊN LONG"),
        headings=[["Ngày GD", "Giờ GD", "Mã giao dịch", "Diễn giải", "Phát sinh nợ", "Phát sinh có", "Số dư"]],
        cells=lambda m, n: [_day(m), f"{m.at:%H:%M:%S}", m.reference, m.memo, _out(m), _in(m), m.balance],
        footer=[["Cộng", "", "", "", 1_022_000, 9_876_000]],
        date="%d/%m/%y",
        money=".",
        decimals=",00",
    ),
}

#: What a layout does not tell.
WITHOUT_TIME = frozenset({"vietcombank", "vietcombank_web", "agribank", "bidv", "acb"})
WITHOUT_REFERENCE = frozenset({"agribank", "bidv"})
WITHOUT_BALANCE = frozenset({"vietcombank_web", "mb"})


# -- Files --------------------------------------------------------------------------------------------------------

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "cp1258")
_TONES = "\u0300\u0301\u0303\u0309\u0323"


def encoded(text: str, encoding: str) -> bytes:
    """The text as the programs write it that use this encoding: UTF-16 with its mark, cp1258 with combining tones."""
    if encoding == "cp1258":
        return "".join(map(_cp1258, unicodedata.normalize("NFC", text))).encode("cp1258")
    return ("\ufeff" + text if encoding.startswith("utf-16") else text).encode(encoding)


def _cp1258(letter: str) -> str:
    try:
        letter.encode("cp1258")
    except UnicodeEncodeError:
        parts = unicodedata.normalize("NFD", letter)
        base = unicodedata.normalize("NFC", "".join(c for c in parts if c not in _TONES))
        return base + "".join(c for c in parts if c in _TONES)
    return letter


def csv_file(rows: Sequence[Sequence[str]], *, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return encoded(target.getvalue(), encoding)


def xlsx_file(rows: Sequence[Sequence[object]], *, title: str = "Sheet1") -> bytes:
    book = Workbook()
    book.active.title = title
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            if value is not None and value != "":
                cell = book.active.cell(number, column, value)
                if isinstance(value, str):
                    cell.data_type = "s"  # text also when it begins with "="
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def html_file(rows: Sequence[Sequence[str]], *, encoding: str = "utf-8") -> bytes:
    def cell(text: str) -> str:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")
        return f"<td class='x'>{text}</td>"

    body = "\n".join(f"<tr>{''.join(map(cell, row))}</tr>" for row in rows)
    page = f"<html><head><meta charset=utf-8><style>td {{color: red}}</style></head><body><table>{body}</table></html>"
    return encoded(page, encoding)


def files_of(layout: Layout, made: Sequence[Movement]) -> dict[str, bytes]:
    """The same statement in every format and encoding."""
    texts = layout.texts(made)
    files = {
        f"csv {encoding} {delimiter!r}": csv_file(texts, delimiter=delimiter, encoding=encoding)
        for encoding in ENCODINGS
        for delimiter in ",;\t|"
    }
    files["xlsx typed"] = xlsx_file(layout.rows(made))
    files["xlsx text"] = xlsx_file(texts)
    files |= {f"html {encoding}": html_file(texts, encoding=encoding) for encoding in ENCODINGS}
    return files


def renumbered(made: Sequence[Movement]) -> list[Movement]:
    """The movements with balances as the account would have them after each, in this order."""
    balance, result = 20_000_000, []
    for movement in made:
        balance += movement.amount
        result.append(replace(movement, balance=balance))
    return result
