"""What a file is by its first bytes, never by its name."""

from shop.core.tables.errors import TableError

ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of old Office files, and of encrypted new ones
_OLD_SHEETS = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")  # Excel before that container; then a small number
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def kind_check(content: bytes) -> None:
    """Refuse what is recognised by its first bytes, each with its own code."""
    if content.startswith(_COMPOUND):
        raise TableError("encrypted" if _ENCRYPTED in content else "old_excel")
    if content.startswith(_OLD_SHEETS) and content[2:4] in (b"\x04\x00", b"\x06\x00", b"\x08\x00", b"\x10\x00"):
        raise TableError("old_excel")
    if b"%PDF-" in content[:1024]:
        raise TableError("pdf")
    if content.startswith(_EMPTY_ZIP):
        raise TableError("not_a_workbook")
