"""Pictures as phones make them, and files that only look like some."""

import io

import pillow_heif
from PIL import Image

PLACE = 0x8825  # EXIF: where it was taken
TURN = 0x0112


def picture(kind: str = "JPEG", size: tuple[int, int] = (640, 480), *, turn: int = 1, place: bool = False) -> bytes:
    """Left half red, right half blue."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    exif = image.getexif()
    exif[TURN] = turn
    if place:
        exif.get_ifd(PLACE)[1] = "N"
        exif.get_ifd(PLACE)[2] = (10.0, 21.0, 36.0)
    out = io.BytesIO()
    if kind == "HEIF":
        pillow_heif.from_pillow(image).save(out, quality=60, exif=exif.tobytes())
    else:
        image.save(out, kind, exif=exif)
    return out.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
GIF = b"GIF89a/*" + b"\0" * 40 + b"*/=alert(1)//<script>"
