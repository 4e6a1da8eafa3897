import pytest

from shop.payment.vietqr.feeds import signing
from shop.payment.vietqr.feeds.base import FeedError
from tests.unit.payment.vietqr.feeds.shapes import NOW


def test_an_empty_key_signs_nothing():
    with pytest.raises(FeedError) as error:
        signing.digest("", b"message", "sha256")
    assert error.value.code == "signature"


def test_the_published_digests():
    """RFC 4231, test case 2."""
    message = b"what do ya want for nothing?"
    assert signing.digest("Jefe", message, "sha256") == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )
    assert signing.digest("Jefe", message, "sha512").startswith("164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd6")


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("a", "a", True),
        ("é", "é", True),
        ("\ud800", "\ud800", True),
        ("a", "A", False),
        ("a", "a ", False),
        ("é", "e\u0301", False),
        ("", "", False),
        ("", "a", False),
    ],
)
def test_equal(left, right, same):
    assert signing.equal(left, right) is same


def test_headers():
    assert signing.header({"X-One": "1", "x-two": "2"}, "x-one") == "1"
    assert signing.header({}, "x-one") == ""
    assert signing.header({"X-One": None}, "x-one") == ""
    with pytest.raises(FeedError):
        signing.header({"X-One": "1", "x-one": "1"}, "X-One")


@pytest.mark.parametrize(("seconds", "fresh"), [(-300, True), (300, True), (-300.01, False), (300.01, False)])
def test_age(seconds, fresh):
    signed_at = NOW.timestamp() + seconds
    if fresh:
        signing.check_age(signed_at, NOW)
    else:
        with pytest.raises(FeedError) as error:
            signing.check_age(signed_at, NOW)
        assert error.value.code == "stale"
