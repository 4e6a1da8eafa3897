"""The poster at the stall: scan to pay, scan to order."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from shop.cooperatives.models import Cooperative
from shop.paper.documents import frame
from shop.paper.rendering import PaperError, code_url, pdf
from shop.paper.texts import grouped, printable
from shop.payment.vietqr import emv
from shop.payment.vietqr.services import account_current

#: The page, and the length that everything on it is measured in.
SIZES = {
    "a4": "@page { size: A4; margin: 0 }\nhtml { font-size: 5mm }\n",
    "a5": "@page { size: A5; margin: 0 }\nhtml { font-size: 3.5238mm }\n",
}


def stall_url(cooperative: Cooperative) -> str:
    """The cooperative's public page, in Vietnamese whoever prints."""
    with translation.override(settings.LANGUAGE_CODE):
        return settings.SITE_URL + reverse("cooperatives:detail", kwargs={"slug": cooperative.slug})


def poster(cooperative: Cooperative, size: str) -> bytes:
    """A static VietQR of the account that buyers' money goes to now (the payer types the sum), and the stall's page.

    PaperError ``no_account`` while the cooperative has none in use.
    """
    account = account_current(cooperative)
    if account is None:
        raise PaperError("no_account")
    context = frame(cooperative) | {
        "name": printable(cooperative.display_name, 90),
        "account": account,
        "number": grouped(account.number),
        "pay": code_url(emv.encode(bin=account.bin, account=account.number)),
        "stall": code_url(stall_url(cooperative)),
        "stall_text": stall_url(cooperative).partition("://")[2],
        "size": size,
    }
    return pdf("poster", context, css="poster", title=_("Stall poster"), places=SIZES[size])
