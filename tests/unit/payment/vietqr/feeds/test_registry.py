import re

from django.utils.encoding import force_str

from shop.payment.vietqr.feeds import feed, feeds
from shop.payment.vietqr.feeds.base import STATUS, FeedError, FeedUnavailable


def test_the_feeds_in_their_order():
    assert list(feeds()) == ["sepay", "payos", "casso"]
    assert {code: found.code for code, found in feeds().items()} == {code: code for code in feeds()}


def test_one_feed():
    assert feed("casso") is feeds()["casso"]
    for code in ("", "SePay", "stripe", "__class__"):
        assert feed(code) is None


def test_the_caller_cannot_change_the_registry():
    feeds().clear()
    assert list(feeds()) == ["sepay", "payos", "casso"]


def test_what_a_form_needs():
    for found in feeds().values():
        names = [field.name for field in found.fields]
        assert len(set(names)) == len(names)
        assert all(re.fullmatch(r"[a-z_]{1,20}", name) for name in names)
        assert all(force_str(field.label) for field in found.fields)
        assert len(found.code) <= 12


def test_only_the_client_id_may_be_shown():
    shown = {(code, field.name) for code, found in feeds().items() for field in found.fields if not field.secret}
    assert shown == {("payos", "client_id")}


def test_answers():
    assert {code: found.answer for code, found in feeds().items()} == {code: {"success": True} for code in feeds()}


def test_statuses_of_errors():
    assert STATUS == {"signature": 401, "stale": 401, "malformed": 400, "encoding": 400, "huge": 413}
    assert str(FeedError("malformed", "id")) == "malformed: id"
    assert (FeedUnavailable("rate", retry_after=3).retry_after, FeedUnavailable("answer").retry_after) == (3, None)
