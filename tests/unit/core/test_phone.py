import pytest

from shop.core import phone


@pytest.mark.parametrize(
    "typed",
    [
        "0901234567",
        "0901 234 567",
        "0901.234.567",
        "(0901) 234-567",
        "+84901234567",
        "+84 901 234 567",
        "+84 (0)901 234 567",
        "84901234567",
        "0084 901234567",
        "０９０１２３４５６７",
        "\u202a0901\u00a0234\u2011567\u202c",
    ],
)
def test_every_way_of_writing(typed):
    assert phone.normalise(typed) == "+84901234567"


@pytest.mark.parametrize("first", "35789")
def test_mobile_networks(first):
    assert phone.normalise(f"0{first}12345678") == f"+84{first}12345678"


def test_number_beginning_with_84_keeps_its_digits():
    assert phone.normalise("0841234567") == "+84841234567"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        (None, "empty"),
        (" - ", "empty"),
        ("gọi 0901234567", "letters"),
        ("0901234567 / 0912345678", "letters"),
        ("090123456٧", "letters"),
        ("+1 212 555 0100", "foreign"),
        ("0066 812345678", "foreign"),
        ("+", "letters"),
        ("090123456", "short"),
        ("901234567", "short"),
        ("+8490123456", "short"),
        ("8490123456", "prefix"),
        ("09012345678", "long"),
        ("+849012345678", "long"),
        ("01681234567", "old"),
        ("+84 168 1234567", "old"),
        ("0123456789", "prefix"),
        ("0601234567", "prefix"),
        ("0273387234", "short"),
        ("02733872345", "landline"),
        ("027338723456", "long"),
    ],
)
def test_refused(typed, code):
    with pytest.raises(phone.PhoneError) as error:
        phone.normalise(typed)
    assert error.value.code == code
    assert not phone.is_valid(typed)


def test_landline_where_allowed():
    assert phone.normalise("0273 387 2345", allow_landline=True) == "+842733872345"
    assert phone.is_valid("02838221234", allow_landline=True)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+84901234567", "0901 234 567"),
        ("+842733872345", "0273 387 2345"),
        ("+842838221234", "028 3822 1234"),
        ("", ""),
        (None, ""),
        ("+12125550100", "+12125550100"),
    ],
)
def test_display(number, shown):
    assert phone.display(number) == shown


def test_display_is_read_back():
    assert phone.normalise(phone.display("+84901234567")) == "+84901234567"


@pytest.mark.parametrize(
    ("number", "shown"), [("+84901234567", "0901 *** 567"), ("+842733872345", "0273 *** 345"), ("secret", "***")]
)
def test_mask(number, shown):
    assert phone.mask(number) == shown


def test_zalo():
    assert phone.zalo_url("+84901234567") == "https://zalo.me/0901234567"
    assert phone.zalo_url("") == ""
