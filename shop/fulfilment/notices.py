"""Who is told of a parcel's steps: the rooms above, by the name that the settings give."""

from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


def parcel_news(consignment: Any, kind: str, **values: str) -> None:
    """A step of that kind (as in its history) has just been written down; inside the caller's transaction."""
    if settings.PARCEL_NEWS:
        import_string(settings.PARCEL_NEWS)(consignment, kind, **values)
