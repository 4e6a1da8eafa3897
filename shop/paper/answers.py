"""A PDF on its way to the browser."""

from urllib.parse import quote

from django.http import HttpResponse

from shop.core.text import slugify_vi
from shop.paper.texts import printable


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """Opens in the browser; saved under a name without marks, or with them where the browser knows how."""
    name = printable(name, 100).replace("/", "-")
    response = HttpResponse(content, content_type="application/pdf")
    plain, full = slugify_vi(name) or "giay-to", quote(f"{name}.pdf", safe="")
    response["Content-Disposition"] = f"inline; filename=\"{plain}.pdf\"; filename*=UTF-8''{full}"
    response["Cache-Control"] = "private, no-store"
    return response
