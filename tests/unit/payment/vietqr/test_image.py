import io
import re

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from shop.payment.vietqr import image
from shop.payment.vietqr.emv import encode

ORDER = encode(bin="970405", account="6500205123456", amount=195000, memo="OCOP7K3M9QZ")
STATIC = encode(bin="970405", account="123456")
LONGEST = encode(
    bin="970405",
    account="1" * 19,
    amount=10**13 - 1,
    memo="M" * 25,
    bill="B" * 25,
    merchant_name="N" * 25,
    merchant_city="C" * 15,
    mcc="5499",
)

payloads = pytest.mark.parametrize("payload", [ORDER, STATIC, LONGEST], ids=["order", "static", "longest"])


def read(picture):
    (found,) = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    return found


def drawn(payload, scale=6):
    """The SVG path painted with Pillow, as a browser would fill it."""
    size, path = image.svg_path(payload)
    picture = Image.new("L", (size * scale, size * scale), 255)
    pen = ImageDraw.Draw(picture)
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", path):
        left, top = int(x) * scale, int(y) * scale
        pen.rectangle((left, top, left + int(width) * scale - 1, top + scale - 1), fill=0)
    return picture


@payloads
def test_png_is_read_back(payload):
    picture = Image.open(io.BytesIO(image.png(payload)))
    assert read(picture).text == payload


@payloads
def test_png_is_at_least_600_wide_and_square(payload):
    picture = Image.open(io.BytesIO(image.png(payload)))
    assert picture.format == "PNG"
    assert picture.width == picture.height >= 600


def test_png_scale():
    small = Image.open(io.BytesIO(image.png(ORDER, scale=2)))
    assert small.width == 2 * image.svg_path(ORDER)[0]
    assert read(small).text == ORDER


@payloads
def test_svg_is_read_back(payload):
    assert read(drawn(payload)).text == payload


def test_svg_and_png_show_the_same_modules():
    flat = Image.open(io.BytesIO(image.png(ORDER, scale=6))).convert("L")
    assert flat.tobytes() == drawn(ORDER).tobytes()


def test_svg_path_has_nothing_but_runs():
    _, path = image.svg_path(ORDER)
    assert re.fullmatch(r"(?:M\d+ \d+h\d+v1h-\d+z)+", path)


@payloads
def test_quiet_zone_of_four_modules(payload):
    picture = drawn(payload, scale=1)
    dark = picture.point(lambda value: 255 - value).getbbox()
    assert dark == (4, 4, picture.width - 4, picture.height - 4)


@payloads
def test_error_correction_is_m_or_better(payload):
    assert read(drawn(payload)).ec_level in {"M", "Q", "H"}


def test_still_read_with_a_stain():
    picture = drawn(ORDER)
    centre = picture.width // 2
    ImageDraw.Draw(picture).ellipse((centre - 20, centre - 20, centre + 20, centre + 20), fill=255)
    assert read(picture).text == ORDER
