"""Thumbnails for Oscar's dashboard out of the renditions that exist already."""

from typing import Any

from oscar.core.thumbnails import AbstractThumbnailer

from shop.catalogue.images import rendition_url


class Thumbnail:
    """What Oscar's template tag expects: an address and a size in pixels."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.width = self.height = 400

    def __str__(self) -> str:
        return self.url


class RenditionThumbnailer(AbstractThumbnailer):
    """Answers every request with the 400 px rendition; nothing is computed while a page is built."""

    def generate_thumbnail(self, source: Any, **opts: Any) -> Thumbnail:
        return Thumbnail(rendition_url(getattr(source, "name", str(source)), 400))

    def delete_thumbnails(self, source: Any) -> None:
        """Renditions are small and may serve other rows: they stay."""
