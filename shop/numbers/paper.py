"""The monthly statement as a PDF."""

from django.utils.translation import gettext as _

from shop.numbers.orders import rows_page
from shop.numbers.statement import Statement
from shop.paper.documents import frame
from shop.paper.rendering import PaperError, pdf

#: Orders that fit: more keep the shop from answering. The Excel file has them all.
MAX_ORDERS = 400


def statement_pdf(statement: Statement) -> bytes:
    """The whole month on A4, the long way round. PaperError ``too_many`` for more than MAX_ORDERS orders."""
    if statement.sums.orders > MAX_ORDERS:
        raise PaperError("too_many", limit=MAX_ORDERS)
    context = frame(statement.cooperative) | {"statement": statement, "rows": rows_page(statement.orders)}
    return pdf("statement", context, css="statement", title=_("Statement"))
