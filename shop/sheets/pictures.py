"""Pictures that come with a sheet: an archive that is judged by its directory before a byte of it is unpacked."""

import hashlib
import io
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import Any

from shop.core.tables.errors import TableError
from shop.listings.photos import MAX_BYTES

MAX_ARCHIVE = 200 * 1024 * 1024  # bytes as sent
MAX_UNPACKED = 400 * 1024 * 1024
MAX_ENTRIES = 2_000
MAX_RATIO = 20  # pictures are packed already
SMALL = 256 * 1024
_NESTED = re.compile(r"\.(?:zip|rar|7z|tar|gz|bz2|xz|tgz|jar|docx|xlsx|pptx)$", re.IGNORECASE)
_PICTURE = re.compile(r"\.(?:jpe?g|png|webp|hei[cf]|avif)$", re.IGNORECASE)
_DRIVE = re.compile(r"^[A-Za-z]:|^[/\\]")
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, NotImplementedError, KeyError,
           RuntimeError, IndexError, UnicodeError)  # fmt: skip


def name_of(name: str) -> str:
    """How a picture is looked for: without folders, case, and whichever way its marks are written."""
    return unicodedata.normalize("NFC", PurePosixPath(name.replace("\\", "/")).name).casefold()


class Pictures:
    """The pictures of an archive by name. TableError: ``zip_broken``, ``zip_bomb``, ``zip_path``, ``zip_nested``,
    ``zip_encrypted``, ``zip_huge``, ``zip_many``. Hidden files and what is no picture are as good as absent."""

    def __init__(self, file: Any = None) -> None:
        self.entries: dict[str, zipfile.ZipInfo] = {}
        self.twice: set[str] = set()
        self.archive: zipfile.ZipFile | None = None
        self._digests: dict[str, str] = {}
        if file is None:
            return
        try:
            self.archive = zipfile.ZipFile(file)
            self._judge(self.archive.infolist())
        except _BROKEN as error:
            raise TableError("zip_broken", type(error).__name__) from error

    def _judge(self, entries: list[zipfile.ZipInfo]) -> None:
        if len(entries) > MAX_ENTRIES:
            raise TableError("zip_many")
        if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            raise TableError("zip_bomb", "size")
        for entry in entries:
            _entry_check(entry)
            if entry.is_dir() or _is_hidden(entry.filename) or not _PICTURE.search(entry.filename):
                continue
            name = name_of(entry.filename)
            if name in self.entries:
                self.twice.add(name)
            self.entries[name] = entry

    def __contains__(self, name: str) -> bool:
        return name_of(name) in self.entries

    def digest(self, name: str) -> str:
        """Of the picture's bytes: tells whether it came before."""
        known = name_of(name)
        if known not in self._digests:
            self._digests[known] = hashlib.sha256(self.content(name)).hexdigest()
        return self._digests[known]

    def content(self, name: str) -> bytes:
        """The bytes, counted while they unpack: the directory may have lied."""
        entry = self.entries[name_of(name)]
        try:
            with self.archive.open(entry) as source:
                content = source.read(MAX_BYTES + 1)
        except _BROKEN as error:
            raise TableError("zip_broken", type(error).__name__) from error
        if len(content) > min(MAX_BYTES, max(entry.file_size, 1)):
            raise TableError("zip_bomb", "counted")
        return content

    def file(self, name: str) -> io.BytesIO:
        return io.BytesIO(self.content(name))


def _entry_check(entry: zipfile.ZipInfo) -> None:
    """One line of the directory; what it is called may lead nowhere outside, and nothing may hide inside."""
    name = entry.filename
    if _DRIVE.match(name) or ".." in name.replace("\\", "/").split("/") or "\0" in name:
        raise TableError("zip_path")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise TableError("zip_path", "link")
    if entry.flag_bits & 0x1:
        raise TableError("zip_encrypted")
    if _NESTED.search(name):
        raise TableError("zip_nested")
    if entry.file_size > MAX_BYTES:
        raise TableError("zip_huge")
    if entry.file_size > SMALL and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
        raise TableError("zip_bomb", "ratio")


def _is_hidden(name: str) -> bool:
    """Files that computers put in by themselves: ``__MACOSX/._x.jpg``, ``.DS_Store``, ``Thumbs.db``."""
    parts = [part for part in name.replace("\\", "/").split("/") if part]
    return any(part.startswith(".") or part == "__MACOSX" for part in parts)
