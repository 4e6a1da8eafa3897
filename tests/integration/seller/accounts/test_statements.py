"""A bank statement from upload to the books, and files that want to do harm."""

import io
import zipfile
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from shop.audit.models import AuditEntry
from shop.payment.vietqr.models import BankLine, StatementFile, StatementLayout
from shop.payment.vietqr.services import account_activate

pytestmark = pytest.mark.django_db

UPLOAD = "/ban-hang/tien/sao-ke/"
HEADINGS = ["Ngày giao dịch", "Số tham chiếu", "Số tiền ghi nợ", "Số tiền ghi có", "Nội dung"]
EVIL = "<script>alert(1)</script>"


def day(ago=1):
    return (timezone.localtime() - timedelta(days=ago)).strftime("%d/%m/%Y")


def rows(count=3):
    """Money in, the last one money out."""
    inn = [[day(), f"FT{n:05d}", "", f"{(n + 1) * 100_000:,}", f"OCOPAAAA{n} thanh toan"] for n in range(count - 1)]
    return [*inn, [day(), "FT99999", "55,000", "", "PHI CHUYEN TIEN"]]


def csv_of(*lines):
    return "\n".join(";".join(f'"{cell}"' for cell in line) for line in lines).encode()


def xlsx_of(*lines):
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def send(client, content, name="sao-ke.csv", account=None):
    number = account or client.cooperative.bank_accounts.get().number
    return client.post(UPLOAD, {"account": number, "file": SimpleUploadedFile(name, content)})


def kept():
    return StatementFile.objects.latest("pk")


def take(client, **changes):
    """Press "Import" on the preview as it stands."""
    page = client.get(f"{UPLOAD}{kept().pk}/")
    return client.post(f"{UPLOAD}{kept().pk}/nhap/", page.context["sent"] | changes)


@pytest.fixture
def seller(person, cooperative):
    client = person(cooperative, "accountant")
    client.cooperative = cooperative
    return client


@pytest.mark.parametrize(("make", "name"), [(csv_of, "sao-ke.csv"), (xlsx_of, "sao-ke.xlsx")])
def test_from_upload_to_the_books(seller, cooperative, make, name):
    answer = send(seller, make(HEADINGS, *rows()), name)
    file = kept()
    assert (answer.status_code, answer["Location"]) == (303, f"{UPLOAD}{file.pk}/")
    page = seller.get(answer["Location"])
    context = page.context
    assert (len(context["reading"].lines), context["known"], context["new"]) == (3, 0, 3)
    assert context["incoming"] == {"count": 2, "sum": 300_000}
    assert context["outgoing"] == {"count": 1, "sum": 55_000}
    assert "OCOPAAAA0 thanh toan" in page.content.decode()
    assert not BankLine.objects.exists()

    answer = take(seller)
    assert (answer.status_code, answer["Location"]) == (303, f"{UPLOAD}{file.pk}/xong/")
    file.refresh_from_db()
    assert (file.rows, file.new_rows, file.content, file.by) == (3, 3, None, seller.user.phone)
    assert sorted(BankLine.objects.values_list("amount", "state")) == [
        (55_000, "out"),
        (100_000, "new"),
        (200_000, "new"),
    ]
    assert set(BankLine.objects.values_list("account", flat=True)) == {file.account}
    done = seller.get(answer["Location"])
    assert (done.context["file"].new_rows, done.context["known"]) == (3, 0)
    assert 'href="/ban-hang/tien/"' in done.content.decode()


def test_importing_twice_is_one_import(seller):
    send(seller, csv_of(HEADINGS, *rows()))
    sent = seller.get(f"{UPLOAD}{kept().pk}/").context["sent"]
    for _ in range(2):
        assert seller.post(f"{UPLOAD}{kept().pk}/nhap/", sent).status_code == 303
    assert BankLine.objects.count() == 3
    assert AuditEntry.objects.filter(action="statement.imported").count() == 1
    # Its preview leads to what came of it.
    assert seller.get(f"{UPLOAD}{kept().pk}/")["Location"] == f"{UPLOAD}{kept().pk}/xong/"


def test_known_lines_are_not_taken_again(seller):
    send(seller, csv_of(HEADINGS, *rows(3)))
    take(seller)
    send(seller, xlsx_of(HEADINGS, *reversed(rows(3)), [day(), "FT77777", "", "1,000", "moi"]), "lan-hai.xlsx")
    page = seller.get(f"{UPLOAD}{kept().pk}/")
    assert (page.context["known"], page.context["new"]) == (3, 1)
    done = seller.get(take(seller)["Location"])
    assert (done.context["file"].new_rows, done.context["known"]) == (1, 3)
    assert BankLine.objects.count() == 4


def test_nothing_new_offers_no_import(seller):
    send(seller, csv_of(HEADINGS, *rows()))
    take(seller)
    send(seller, csv_of(HEADINGS, *rows()))
    page = seller.get(f"{UPLOAD}{kept().pk}/")
    assert page.context["new"] == 0
    assert "/nhap/" not in page.content.decode()


def test_rows_that_cannot_be_read_are_named(seller):
    bad = [day(), "FT1", "", "12,5", "nửa đồng"], ["31/02/2026", "FT2", "", "1,000", "không có ngày đó"]
    send(seller, csv_of(HEADINGS, *rows(2), *bad))
    page = seller.get(f"{UPLOAD}{kept().pk}/")
    assert len(page.context["reading"].lines) == 2
    assert [problem.row for problem in page.context["reading"].problems] == [4, 5]
    assert len(page.context["problems"]) == 2
    take(seller)
    assert BankLine.objects.count() == 2


def test_only_the_first_lines_and_problems_are_listed(seller):
    many = [[day(), f"FT{n}", "", "1,000", f"dong {n}"] for n in range(30)]
    bad = [[day(), f"X{n}", "", "abc", "sai"] for n in range(25)]
    send(seller, csv_of(HEADINGS, *many, *bad))
    context = seller.get(f"{UPLOAD}{kept().pk}/").context
    assert (len(context["lines"]), len(context["problems"]), context["more_problems"]) == (10, 20, 5)


# -- Columns -------------------------------------------------------------------------------------------------------

ODD = ["A1", "B1", "C1", "D1"]


def odd_rows():
    return [["x", day(), "100000", "OCOPBBBB tien hang"], ["y", day(), "-20000", "phi"]]


def columns(**changes):
    return {"heading": "1", "date": "1", "memo": "3", "amount": "2", "date_format": "dmy"} | changes


def test_columns_that_are_not_recognised_are_chosen(seller):
    send(seller, csv_of(ODD, *odd_rows()))
    url = f"{UPLOAD}{kept().pk}/"
    page = seller.get(url)
    assert (page.status_code, page.context["reading"]) == (200, None)
    assert page.context["columns"]["heading"].value() == 1
    assert f">B: B1 ({day()})</option>" in page.content.decode()
    assert '<details class="panel panel--flat" id="columns" open>' in page.content.decode()
    assert "/nhap/" not in page.content.decode()
    page = seller.get(url, columns())
    assert [(line.amount, line.incoming) for line in page.context["reading"].lines] == [
        (100_000, True),
        (20_000, False),
    ]
    assert not BankLine.objects.exists()
    assert seller.post(f"{url}nhap/", page.context["sent"]).status_code == 303
    assert sorted(BankLine.objects.values_list("amount", "state")) == [(20_000, "out"), (100_000, "new")]


def test_columns_are_remembered_for_the_next_file(seller, cooperative):
    send(seller, csv_of(ODD, *odd_rows()))
    seller.post(f"{UPLOAD}{kept().pk}/nhap/", columns())
    assert StatementLayout.objects.get().cooperative == cooperative
    send(seller, csv_of(ODD, ["z", day(), "5000", "tiep"]))
    assert seller.get(f"{UPLOAD}{kept().pk}/").context["new"] == 1


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"date": ""}, "date"),
        ({"amount": ""}, "credit"),
        ({"credit": "0"}, "credit"),
        ({"debit": "0"}, "debit"),
        ({"memo": "2"}, "__all__"),
        ({"memo": "59"}, "memo"),
        ({"memo": "-1"}, "memo"),
        ({"heading": "x"}, "heading"),
        ({"heading": "-1"}, "heading"),
        ({"heading": "20000"}, "__all__"),
        ({"heading": "99999999999999999999"}, "heading"),
        ({"date_format": "ymd"}, "date_format"),
    ],
)
def test_a_wrong_choice_is_said_beside_it(seller, changes, wrong):
    send(seller, csv_of(ODD, *odd_rows()))
    url = f"{UPLOAD}{kept().pk}/"
    page = seller.get(url, columns(**changes))
    assert (page.status_code, set(page.context["columns"].errors)) == (200, {wrong})
    answer = seller.post(f"{url}nhap/", columns(**changes))
    assert (answer.status_code, set(answer.context["columns"].errors)) == (422, {wrong})
    assert not BankLine.objects.exists()
    assert kept().imported_at is None


def test_columns_under_which_nothing_is_read_are_not_imported(seller):
    send(seller, csv_of(HEADINGS, *rows()))
    answer = seller.post(f"{UPLOAD}{kept().pk}/nhap/", columns(date="4", amount="3", memo="1"))
    assert answer.status_code == 422
    assert not BankLine.objects.exists()
    assert kept().imported_at is None


# -- Whose file it is ----------------------------------------------------------------------------------------------


def test_only_accounts_that_receive_are_offered(seller, cooperative, neighbour):
    old = cooperative.bank_accounts.get()
    new = cooperative.bank_accounts.create(bin="970436", number="0071000012345", holder="HTX", state="asked")
    offered = dict(seller.get(UPLOAD).context["form"].fields["account"].choices)
    assert set(offered) == {old.number}
    for number in (new.number, neighbour.bank_accounts.get().number, "", "x"):
        answer = seller.post(
            UPLOAD, {"account": number, "file": SimpleUploadedFile("a.csv", csv_of(HEADINGS, *rows()))}
        )
        assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"account"})
    assert not StatementFile.objects.exists()
    new.state, new.active_from = "approved", timezone.now()
    new.save()
    account_activate(account=new)
    offered = [number for number, _label in seller.get(UPLOAD).context["form"].fields["account"].choices]
    assert offered == [new.number, old.number]


def test_without_an_account_there_is_no_form(seller, cooperative):
    cooperative.bank_accounts.all().delete()
    page = seller.get(UPLOAD)
    assert page.status_code == 200
    assert 'type="file"' not in page.content.decode()


def test_another_cooperatives_file_does_not_exist(seller, person, neighbour):
    send(seller, csv_of(HEADINGS, *rows()))
    client = person(neighbour)
    for prefix in ("", "/en"):
        for step in ("", "xong/"):
            assert client.get(f"{prefix}{UPLOAD}{kept().pk}/{step}").status_code == 404
        assert client.post(f"{prefix}{UPLOAD}{kept().pk}/nhap/", columns()).status_code == 404
    assert not BankLine.objects.exists()


def test_packers_do_not_see_it(seller, person, cooperative):
    send(seller, csv_of(HEADINGS, *rows()))
    packer = person(cooperative, "packer")
    assert packer.get(UPLOAD).status_code == 403
    assert packer.get(f"{UPLOAD}{kept().pk}/").status_code == 403
    assert packer.post(f"{UPLOAD}{kept().pk}/nhap/", columns()).status_code == 403
    packer.cooperative = cooperative
    assert send(packer, csv_of(HEADINGS, *rows())).status_code == 403
    assert StatementFile.objects.count() == 1
    assert not BankLine.objects.exists()


@pytest.mark.parametrize("pk", ["0", "999999", "99999999999999999999999999"])
def test_a_file_that_is_not_there(seller, pk):
    assert seller.get(f"{UPLOAD}{pk}/").status_code == 404
    assert seller.post(f"{UPLOAD}{pk}/nhap/").status_code == 404


def test_the_result_waits_for_the_import(seller):
    send(seller, csv_of(HEADINGS, *rows()))
    assert seller.get(f"{UPLOAD}{kept().pk}/xong/")["Location"] == f"{UPLOAD}{kept().pk}/"


def test_importing_is_a_post(seller):
    send(seller, csv_of(HEADINGS, *rows()))
    assert seller.get(f"{UPLOAD}{kept().pk}/nhap/").status_code == 405


# -- Hostile files -------------------------------------------------------------------------------------------------


def bomb():
    """A small workbook that unpacks to 300 MB."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 300_000_000)
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "trong.csv"),
        (b"%PDF-1.7 abc", "sao-ke.pdf"),
        (b"PK\x03\x04 not really", "sao-ke.xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "sao-ke.xls"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "anh.png"),
        (b"\xff\xfe\x00", "x.csv"),
    ],
)
def test_what_is_no_statement_is_refused_beside_the_field(seller, content, name):
    answer = send(seller, content, name)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"file"}
    assert not StatementFile.objects.exists()


def test_a_bomb_is_not_unpacked(seller):
    content = bomb()
    assert len(content) < 1_000_000
    answer = send(seller, content, "sao-ke.xlsx")
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"file"})
    assert not StatementFile.objects.exists()


def test_no_file_at_all(seller, cooperative):
    answer = seller.post(UPLOAD, {"account": cooperative.bank_accounts.get().number})
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"file"})


def test_more_than_five_megabytes(seller):
    answer = send(seller, b"a;b;c\n" * 900_000)
    assert answer.status_code == 413
    assert 'role="alert"' in answer.content.decode()
    just_over = b"a" * (5 * 1024 * 1024 + 1)
    answer = send(seller, just_over)
    assert (answer.status_code, set(answer.context["form"].errors)) == (422, {"file"})
    assert not StatementFile.objects.exists()


class NeverRead(io.BytesIO):
    """A body that must not be touched."""

    def read(self, *arguments):
        raise AssertionError("the body was read")

    readline = read


def test_a_huge_upload_is_refused_before_it_is_read(seller, cooperative):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(seller.user)
    for length in ("6000000", "99999999999999999999", "-1", "x"):
        answer = strict.generic(
            "POST", UPLOAD, b"", "multipart/form-data; boundary=x", CONTENT_LENGTH=length, **{"wsgi.input": NeverRead()}
        )
        assert answer.status_code == 413, length
    assert not StatementFile.objects.exists()


def test_a_huge_upload_of_a_stranger_is_not_read_either(client):
    answer = client.generic(
        "POST", UPLOAD, b"", "multipart/form-data; boundary=x", CONTENT_LENGTH="6000000", **{"wsgi.input": NeverRead()}
    )
    assert answer.status_code == 302


def test_formulas_and_scripts_are_text(seller):
    evil = [day(), '=HYPERLINK("http://evil.example")', "", "1,000", EVIL]
    send(seller, xlsx_of([*HEADINGS[:4], f"Nội dung {EVIL}"], evil, [day(), "=1+1", "", "2,000", "=cmd|' /C calc'!A0"]))
    columns = {"heading": "1", "date": "0", "reference": "1", "debit": "2", "credit": "3", "memo": "4"}
    url = f"{UPLOAD}{kept().pk}/"
    page = seller.get(url, columns | {"date_format": "dmy"})
    assert EVIL not in page.content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.content.decode()
    seller.post(f"{url}nhap/", page.context["sent"])
    assert EVIL in BankLine.objects.values_list("memo", flat=True)


def test_names_of_files_are_text(seller):
    answer = send(seller, csv_of(HEADINGS, *rows()), f"{EVIL}.csv")
    assert EVIL not in seller.get(answer["Location"]).content.decode()
    take(seller)
    assert EVIL not in seller.get(UPLOAD).content.decode()
    send(seller, csv_of(HEADINGS, *rows()), "../" * 50 + "x" * 300 + ".csv")
    assert len(kept().name) <= 120


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_both_languages(seller, prefix):
    send(seller, csv_of(HEADINGS, *rows()))
    for url in (UPLOAD, f"{UPLOAD}{kept().pk}/"):
        page = seller.get(prefix + url).content.decode()
        assert f'lang="{prefix.strip("/") or "vi"}"' in page
