"""Files from strangers: pictures are decoded and written anew, PDFs are checked; nothing is kept as it came.

A cleaned picture is a JPEG in sRGB, upright, without EXIF (so without the place where it was taken), comments,
thumbnails or anything behind its end. Size and pixels are checked before anything is decoded.
"""

import io
import re
import threading
from typing import Any

import pillow_heif
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageFile, ImageOps

# Without this Pillow knows only its five commonest formats at first.
Image.init()
pillow_heif.register_heif_opener()

#: Bytes.
MAX_BYTES = 10 * 1024 * 1024
#: Width times height. Phones take 12 to 24 million; decoded, 40 million take 120 MB.
MAX_PIXELS = 40_000_000
MIN_SIDE = 16
QUALITY = 84
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF")

_SIGNATURES = re.compile(
    rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|RIFF.{4}WEBP|.{4}ftyp(?:heic|heix|heim|heis|hevc|hevx|mif1|msf1|avif|avis)",
    re.DOTALL,
)
_SVG = re.compile(rb"<svg[\s>]", re.IGNORECASE)
#: A picture with a page, a program or a document inside waits for somebody who opens it as that.
_FOREIGN = re.compile(rb"<script|<!doctype|<html[\s>]|<iframe|<\?php|%PDF-1\.", re.IGNORECASE)
_PDF = re.compile(rb"%PDF-[12]\.\d")

#: One picture at a time in each process: eight threads with 40 million pixels each would fill a small machine.
_one_at_a_time = threading.Lock()


class UploadRefused(Exception):
    """``code``: ``empty``, ``too_big`` (bytes), ``too_many_pixels``, ``too_small``, ``svg``, ``polyglot`` (two kinds of
    file in one), ``damaged``, ``not_image``, ``not_document`` (neither picture nor PDF)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def image_clean(
    file: Any, *, max_side: int = 2000, max_bytes: int = MAX_BYTES, max_pixels: int = MAX_PIXELS
) -> ContentFile:
    """The picture in ``file`` (an upload, or anything with ``read``) as a new JPEG named ``picture.jpg``.

    Takes JPEG, PNG, WebP, AVIF and HEIC (iPhones) up to ``max_bytes``; the longer side becomes ``max_side`` pixels at
    most. What was transparent becomes white. Raises :class:`UploadRefused`.
    """
    return ContentFile(jpeg_of(bytes_of(file, max_bytes), max_side, max_pixels), name="picture.jpg")


def document_clean(file: Any, *, max_side: int = 2600) -> ContentFile:
    """A scan: a picture written anew (``picture.jpg``) or a PDF as it is (``document.pdf``).

    A PDF is not safe to show, only to hand on: send it as an attachment. Raises :class:`UploadRefused`.
    """
    data = bytes_of(file)
    if _PDF.match(data):
        if b"%%EOF" not in data[-2048:]:
            raise UploadRefused("damaged")
        return ContentFile(data, name="document.pdf")
    try:
        return ContentFile(jpeg_of(data, max_side), name="picture.jpg")
    except UploadRefused as error:
        raise UploadRefused("not_document" if error.code == "not_image" else error.code) from error


def refusal_text(code: str) -> str:
    """Why a file was not taken and what to do, for whoever sent it."""
    texts = {
        "empty": _("The file is empty. Please choose another one."),
        "too_big": _("The file is larger than 10 MB. Please take a new photo, or make the file smaller."),
        "too_many_pixels": _("The picture has too many pixels. Please take a new photo at the usual size."),
        "too_small": _("The picture is too small to see anything on it. Please take a new photo."),
        "damaged": _("The file is damaged and cannot be opened. Please take a new photo, or save it again."),
        "not_document": _("Please choose a photo (JPEG, PNG, WebP, HEIC) or a PDF."),
    }
    return texts.get(code, _("That is not a photo. Please choose a JPEG, PNG, WebP or HEIC picture."))


def bytes_of(file: Any, max_bytes: int = MAX_BYTES) -> bytes:
    """The whole file, never more than ``max_bytes`` of it in memory."""
    size = getattr(file, "size", None)
    if size is not None and size > max_bytes:
        raise UploadRefused("too_big")
    if hasattr(file, "seek"):
        file.seek(0)
    data = file.read(max_bytes + 1)
    if not data:
        raise UploadRefused("empty")
    if len(data) > max_bytes:
        raise UploadRefused("too_big")
    return data


def jpeg_of(data: bytes, max_side: int, max_pixels: int = MAX_PIXELS) -> bytes:
    """The picture as a new JPEG; refuses what only looks like one."""
    if not _SIGNATURES.match(data):
        raise UploadRefused("svg" if _SVG.search(data[:4096]) else "not_image")
    if _FOREIGN.search(data):
        raise UploadRefused("polyglot")
    with _one_at_a_time:
        try:
            return written_anew(data, max_side, max_pixels)
        except Image.DecompressionBombError as error:
            raise UploadRefused("too_many_pixels") from error
        except (OSError, ValueError, SyntaxError, EOFError, RuntimeError, TypeError, IndexError, KeyError) as error:
            # Decoders answer broken bytes with many kinds of errors.
            raise UploadRefused("damaged") from error


def written_anew(data: bytes, max_side: int, max_pixels: int) -> bytes:
    """Open, check the size before decoding, turn upright, shrink, convert, write."""
    # For the whole process, and WeasyPrint turns it on: half a picture is none.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
        width, height = picture.size
        if width * height > max_pixels:
            raise UploadRefused("too_many_pixels")
        if min(width, height) < MIN_SIDE:
            raise UploadRefused("too_small")
        # A large JPEG is decoded at a half or a quarter of its size already.
        picture.draft("RGB", (max_side, max_side))
        profile = picture.info.get("icc_profile")
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((max_side, max_side), Image.Resampling.LANCZOS, reducing_gap=2.0)
        plain = coloured(on_white(upright), profile)
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return out.getvalue()


def on_white(picture: Image.Image) -> Image.Image:
    """In RGB; what was transparent becomes white."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    ground = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(ground, layer).convert("RGB")


def coloured(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """A new picture in sRGB, no metadata. iPhones photograph in a wider space, which looks pale without its profile."""
    clean = Image.new("RGB", picture.size)
    clean.paste(picture)
    if not profile:
        return clean
    try:
        known = ImageCms.getOpenProfile(io.BytesIO(profile))
        if known.profile.xcolor_space.strip() != "RGB":
            return clean
        return ImageCms.profileToProfile(clean, known, ImageCms.createProfile("sRGB")) or clean
    except (ImageCms.PyCMSError, OSError, ValueError):
        return clean
