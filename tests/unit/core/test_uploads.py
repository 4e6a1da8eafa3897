"""Files from strangers: what is taken, what is refused, and that nothing but the picture survives."""

import io
import struct
import zlib

import pillow_heif
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms

from shop.core.uploads import UploadRefused, document_clean, image_clean, refusal_text

RED = (200, 10, 10)


def picture(fmt: str = "JPEG", size=(80, 40), mode: str = "RGB", colour=RED, **options) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, fmt, **options)
    return out.getvalue()


def heic() -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (64, 48), RED)).save(out, quality=80)
    return out.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG that claims so many pixels in a few bytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"x") + chunk(b"IEND", b"")


def refused(data: bytes, clean=image_clean) -> str:
    with pytest.raises(UploadRefused) as caught:
        clean(SimpleUploadedFile("x.jpg", data))
    return caught.value.code


def opened(data: bytes, **options) -> Image.Image:
    return Image.open(image_clean(SimpleUploadedFile("x.jpg", data), **options))


def test_place_and_camera_are_gone_and_the_picture_is_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Camera"
    exif.get_ifd(0x8825)[1] = "N"
    data = picture(exif=exif, comment=b"who took it")
    assert b"Exif" in data and b"who took it" in data
    clean = image_clean(SimpleUploadedFile("x.jpg", data))
    assert b"Exif" not in clean.read() and clean.name == "picture.jpg"
    result = Image.open(clean)
    assert (result.size, result.format, dict(result.getexif())) == ((40, 80), "JPEG", {})
    assert "comment" not in result.info


@pytest.mark.parametrize(
    ("fmt", "mode"), [("PNG", "P"), ("WEBP", "RGB"), ("AVIF", "RGB"), ("PNG", "I;16"), ("GIF", "P")]
)
def test_kinds(fmt, mode):
    data = picture(fmt, mode=mode, colour=0 if mode != "RGB" else RED)
    if fmt == "GIF":
        assert refused(data) == "not_image"
    else:
        assert opened(data).format == "JPEG"


def test_heic():
    assert (opened(heic()).format, opened(heic()).size) == ("JPEG", (64, 48))


def test_transparent_becomes_white():
    assert opened(picture("PNG", mode="RGBA", colour=(0, 0, 0, 0))).getpixel((3, 3)) == (255, 255, 255)


def test_a_profile_is_applied_and_dropped():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    result = opened(picture(icc_profile=profile))
    assert "icc_profile" not in result.info
    assert all(abs(a - b) <= 4 for a, b in zip(result.getpixel((5, 5)), RED, strict=True))


def test_the_longer_side():
    assert opened(picture(size=(400, 300)), max_side=200).size == (200, 150)


def test_what_hangs_behind_the_end_is_gone():
    clean = image_clean(SimpleUploadedFile("x.jpg", picture() + b"MOTION PHOTO" * 10))
    assert b"MOTION" not in clean.read()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "svg"),
        (b"<?xml version='1.0'?><svg onload='x()'/>", "svg"),
        (b"<html><script>alert(1)</script>", "not_image"),
        (b"%PDF-1.7\n%%EOF", "not_image"),
        (picture() + b"<script>alert(1)</script>", "polyglot"),
        (picture(comment=b"<html><body>"), "polyglot"),
        (picture() + b"%PDF-1.7 %%EOF", "polyglot"),
        (picture()[:200], "damaged"),
        (b"\xff\xd8\xff\xe0" + b"junk" * 50, "damaged"),
        (picture(size=(8, 8)), "too_small"),
        (bomb(8000, 6251), "too_many_pixels"),
        (bomb(60000, 60000), "too_many_pixels"),
    ],
)
def test_refused(data, code):
    assert refused(data) == code


def test_too_many_bytes_are_never_read():
    with pytest.raises(UploadRefused) as error:
        image_clean(io.BytesIO(b"\xff\xd8\xff" + b"0" * 1000), max_bytes=1000)
    assert error.value.code == "too_big"
    with pytest.raises(UploadRefused):
        image_clean(io.BytesIO(b"\xff\xd8\xff" + b"0" * 1000))


def test_documents():
    pdf = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"
    clean = document_clean(SimpleUploadedFile("x.pdf", pdf))
    assert (clean.name, clean.read()) == ("document.pdf", pdf)
    assert document_clean(SimpleUploadedFile("x.pdf", picture())).name == "picture.jpg"
    assert refused(b"%PDF-1.7 cut off", document_clean) == "damaged"
    assert refused(b"<html>%PDF-1.7 %%EOF", document_clean) == "not_document"
    assert refused(b"\n%PDF-1.7 %%EOF", document_clean) == "not_document"


def test_each_refusal_has_its_own_words():
    codes = ["empty", "too_big", "too_many_pixels", "too_small", "damaged", "not_document", "not_image"]
    assert len({refusal_text(code) for code in codes}) == len(codes)
