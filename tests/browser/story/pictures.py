"""What phones send: a photo held upright whose pixels lie on their side, and a snapped paper."""

import io

from PIL import Image, ImageDraw

TURNED = 6
ORIENTATION = 0x0112


def fruit_photo() -> bytes:
    """A mango on a light cloth as a phone stores it: 4000 x 3000 pixels on their side, upright by its EXIF mark."""
    picture = Image.linear_gradient("L").resize((4000, 3000)).point(lambda value: 200 + value // 6).convert("RGB")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((900, 900, 3300, 2200), fill=(238, 172, 58))
    draw.ellipse((1100, 1000, 2300, 1600), fill=(246, 196, 92))
    draw.polygon([(3250, 1500), (3700, 1350), (3700, 1650)], fill=(88, 122, 60))
    return jpeg(picture, TURNED)


def paper_photo() -> bytes:
    """A sheet with lines on a table."""
    picture = Image.new("RGB", (1200, 1600), (150, 128, 104))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((110, 120, 1090, 1490), fill=(250, 248, 240))
    draw.text((300, 220), "BAN TU CONG BO SAN PHAM", fill=(30, 30, 30), font_size=40)
    for top in range(360, 1300, 60):
        draw.line((200, top, 1000 - top % 170, top), fill=(90, 90, 90), width=6)
    draw.ellipse((700, 1180, 960, 1440), outline=(190, 40, 40), width=12)
    return jpeg(picture)


def jpeg(picture: Image.Image, orientation: int = 1) -> bytes:
    """The picture as a camera's file."""
    exif = picture.getexif()
    exif[ORIENTATION] = orientation
    store = io.BytesIO()
    picture.save(store, "JPEG", quality=90, exif=exif)
    return store.getvalue()


def upload(name: str, data: bytes) -> dict:
    """A file for a form."""
    return {"name": name, "mimeType": "image/jpeg", "buffer": data}
