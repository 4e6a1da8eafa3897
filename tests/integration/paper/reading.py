"""PDFs read back: text, codes, pixels."""

import pypdfium2
import zxingcpp


def texts(content: bytes) -> list[str]:
    """The text of each page, every run of blanks as one."""
    document = pypdfium2.PdfDocument(content)
    try:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    finally:
        document.close()


def sizes(content: bytes) -> list[tuple[int, int]]:
    """Width and height of each page in whole millimetres."""
    document = pypdfium2.PdfDocument(content)
    try:
        return [tuple(round(side / 72 * 25.4) for side in page.get_size()) for page in document]
    finally:
        document.close()


def picture(content: bytes, page: int = 0, dpi: int = 200):
    """A page as a grey picture."""
    document = pypdfium2.PdfDocument(content)
    try:
        return document[page].render(scale=dpi / 72).to_pil().convert("L")
    finally:
        document.close()


def codes(content: bytes, page: int = 0) -> list[str]:
    """What the QR codes on a page say, read off the picture."""
    found = zxingcpp.read_barcodes(picture(content, page), formats=zxingcpp.BarcodeFormat.QRCode)
    return [code.text for code in found]


def squeezed(text: str) -> str:
    """Without blanks: lines are broken where the paper ends."""
    return "".join(text.split())
