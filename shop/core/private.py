"""Files that no address leads to: scans and evidence, handed out by views that know who asks."""

from typing import Any, Never

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.http import FileResponse


class PrivateStorage(FileSystemStorage):
    """Files under ``PRIVATE_ROOT``, readable by the shop's own user only."""

    def __init__(self, **options: Any) -> None:
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=0o700, **options)

    @property
    def base_location(self) -> str:
        return str(settings.PRIVATE_ROOT)

    @property
    def location(self) -> str:
        return self.base_location

    def url(self, name: str | None) -> Never:
        raise ValueError("A private file has no address.")


def private_storage() -> Storage:
    """Where private files are: the storage named ``private``."""
    return storages["private"]


def private_response(file: Any, *, content_type: str, name: str) -> FileResponse:
    """The file for the one who may see it: a picture to look at, anything else to save.

    Never kept by a proxy, never read as another kind than ``content_type``, and without any right should a browser
    open it as a page after all.
    """
    shown = content_type == "image/jpeg"
    response = FileResponse(file.open("rb"), content_type=content_type, as_attachment=not shown, filename=name)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
