"""Templates become PDFs here. Nothing is fetched: fonts and codes are our own, every other address is refused."""

import atexit
import logging
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from django.template.loader import render_to_string
from django.utils.html import escape

from shop.payment.vietqr import image

HERE = Path(__file__).resolve().parent
FONTS = HERE / "fonts"
#: The only addresses that a document may name.
FONT, CODE = "paper:font/", "paper:code/"
#: Pixels for a module of a code: sharp on a 600 dpi printer, a kilobyte each.
SCALE = 8
#: Seconds that a document waits for the one before it. One at a time in a process: the shop must go on answering.
PATIENCE = 20

logger = logging.getLogger(__name__)
_press = threading.Lock()


class PaperError(Exception):
    """Nothing can be printed. ``code``: ``unavailable`` (Pango is not installed), ``busy``, or a selection's own."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


def pdf(template: str, context: dict[str, Any], *, css: str, title: str, places: str = "") -> bytes:
    """The document ``paper/<template>.html`` with the style ``<css>.css``, in the active language.

    ``places`` is more of the style: the size of the page, and where labels lie on it.
    Raises PaperError ``unavailable`` where the system lacks Pango, ``busy`` when others print for too long.
    """
    body = render_to_string(f"paper/{template}.html", context)
    page = f"<!doctype html><html><head><title>{escape(title)}</title></head><body>{body}</body></html>"
    weasyprint = engine()
    if not _press.acquire(timeout=PATIENCE):
        raise PaperError("busy")
    try:
        sheet, fonts = style(css, places)
        document = weasyprint.HTML(string=page, base_url="paper:", url_fetcher=fetch)
        return document.write_pdf(stylesheets=[sheet], font_config=fonts)
    finally:
        _press.release()


def engine() -> Any:
    """WeasyPrint, loaded when the first document is asked for: it takes seconds and needs Pango."""
    try:
        import weasyprint
    except OSError as error:
        logger.error("No PDFs: %s. On Debian and Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0", error)
        raise PaperError("unavailable") from error
    return weasyprint


@lru_cache(maxsize=16)
def style(name: str, places: str = "") -> tuple[Any, Any]:
    """A style with our fonts, parsed once; the caller holds the press."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    text = "".join((HERE / "css" / f"{part}.css").read_text(encoding="utf-8") for part in ("base", name)) + places
    return weasyprint.CSS(string=text, base_url="paper:", url_fetcher=fetch, font_config=fonts), fonts


# Before Python takes apart what their ends need.
atexit.register(style.cache_clear)


def code_url(text: str) -> str:
    """Address of a QR code with that text, for ``<img src>`` in a document."""
    return CODE + quote(text, safe="")


def fetch(url: str, *_args: Any, **_options: Any) -> Any:
    """Our fonts and codes by their addresses; ValueError for every other address, whoever wrote it there."""
    from weasyprint.urls import URLFetcherResponse

    if url.startswith(CODE):
        picture = image.png(unquote(url.removeprefix(CODE)), scale=SCALE)
        return URLFetcherResponse(url, picture, {"Content-Type": "image/png"})
    fonts = {f"{FONT}{path.name}": path for path in FONTS.glob("*.ttf")}
    if url in fonts:
        return URLFetcherResponse(url, fonts[url].read_bytes(), {"Content-Type": "font/ttf"})
    raise ValueError(f"not part of a document: {url[:200]}")
