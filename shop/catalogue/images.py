"""Renditions of product pictures, cut once when the picture is stored.

Their names follow from the original's name, so a page that shows a hundred pictures asks the database nothing.
"""

from io import BytesIO
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageOps

WIDTHS = (400, 800)
QUALITY = {400: 72, 800: 78}
#: Larger pictures are refused before they are decoded (a 30 KB file can hold gigabytes of pixels).
MAX_PIXELS = 50_000_000


def rendition_name(original: str, width: int) -> str:
    """``images/products/xoai.webp`` at 400 px -> ``renditions/images/products/xoai-400.webp``."""
    path = PurePosixPath(original)
    return f"renditions/{path.with_suffix('')}-{width}.webp"


def rendition_url(original: str, width: int) -> str:
    """Public address of a rendition; ``width`` is one of WIDTHS."""
    return default_storage.url(rendition_name(original, width))


def renditions_make(original: str) -> None:
    """Cut every width of a stored picture (square, centred). Does nothing for those that exist."""
    missing = [width for width in WIDTHS if not default_storage.exists(rendition_name(original, width))]
    if not missing:
        return
    with default_storage.open(original) as file, Image.open(file) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise ValueError("picture too large")
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    for width in missing:
        default_storage.save(rendition_name(original, width), _square(upright, width))


def _square(picture: Image.Image, width: int) -> ContentFile:
    buffer = BytesIO()
    ImageOps.fit(picture, (width, width), Image.Resampling.LANCZOS).save(
        buffer, "WEBP", quality=QUALITY[width], method=4
    )
    return ContentFile(buffer.getvalue())
