"""One line per message, written in one go."""

import errno
import os

import pytest

from shop.messaging.backends import file as backend
from shop.messaging.models import Message


def message(number: int = 1) -> Message:
    return Message(key=f"k{number}", kind="order_placed", channel="sms", to="+84901234567", body="Nem Lai Vung\n“OK”")


def test_lines_are_appended(lines):
    backend.send(message(1))
    backend.send(message(2))
    assert [line["key"] for line in lines()] == ["k1", "k2"]
    assert lines()[0] == {
        "key": "k1",
        "kind": "order_placed",
        "channel": "sms",
        "to": "+84901234567",
        "body": "Nem Lai Vung\n“OK”",
    }


def test_the_file_is_its_owners(lines, settings):
    backend.send(message())
    assert os.stat(settings.MESSAGE_FILE).st_mode & 0o777 == 0o600


def test_a_line_is_one_write(lines, monkeypatch):
    writes = []
    original = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: writes.append(data) or original(handle, data))
    backend.send(message())
    assert len(writes) == 1
    assert writes[0].endswith(b"}\n")


def test_half_a_line_is_a_refusal(lines, monkeypatch):
    monkeypatch.setattr(os, "write", lambda handle, data: len(data) - 1)
    with pytest.raises(OSError, match="in part"):
        backend.send(message())


def test_no_file_is_a_refusal(settings, tmp_path):
    settings.MESSAGE_FILE = str(tmp_path / "nowhere" / "file")
    with pytest.raises(OSError) as caught:
        backend.send(message())
    assert caught.value.errno == errno.ENOENT


def test_it_must_not_be_repeated():
    assert not getattr(backend, "IDEMPOTENT", False)
