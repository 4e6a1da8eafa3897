"""What people read when something about their goods cannot be done."""

from typing import Any

from django.utils.translation import gettext as _

from shop.core.uploads import UploadRefused, refusal_text
from shop.listings.errors import ListingError


def error_text(code: str, left: int | None = None) -> str:
    """A reason of ``ListingError`` in words: what is wrong and what to do."""
    texts = {
        "required": _("Please type the name of the product."),
        "too_long": _("Please make this shorter."),
        "price": _("Please type the price in whole dong, for example 195.000."),
        "stock": _("Please type how many you can sell now, for example 20."),
        "weight": _("Please type the weight, for example 500 g or 3 kg."),
        "days": _("Please choose from the list."),
        "season": _("Please choose at least one month."),
        "set": _("Please choose from the list."),
        "ward": _("Please choose a commune of the list."),
        "archived": _("This product is in the archive. Take it out first."),
        "photos": _("Ten pictures are enough. Delete one before you add another."),
        "last_photo": _("Shoppers need at least one picture. Add another one first."),
        "photo_gone": _("This picture is not there any more."),
        "too_big": _("The picture is larger than 50 MB. Please take a new photo, or make it smaller."),
        "quota": _("Many pictures are on their way already. Please wait a little, then try again."),
        "no_stock_record": _("This product is sold in several sizes. Please change price and stock of each size."),
    }
    if code == "stock_moved":
        return _("Somebody has just ordered: %(left)s can be sold now. Please look and type the number again.") % {
            "left": left or 0
        }
    return texts.get(code, _("That is not possible now. This is how it stands at the moment."))


def missing_text(name: str) -> str:
    """What is asked for before the province looks at a product."""
    texts = {
        "photos": _("Please add a picture."),
        "title": _("Please type the name of the product."),
        "price": _("Please type the price."),
        "unit_vi": _("Please say what one costs: a kilo, a box, a bottle …"),
        "net_weight_g": _("Please type the weight: it decides what delivery costs."),
        "stock": _("Please type how many you can sell now."),
        "ward_code": _("Please choose the commune that it comes from."),
        "ocop_set": _("Please choose what kind of product it is."),
    }
    return texts[name]


def upload_text(error: Exception) -> str:
    """Why a picture was not taken."""
    if isinstance(error, UploadRefused):
        return error_text("too_big") if error.code == "too_big" else refusal_text(error.code)
    return error_text(error.code, error.left) if isinstance(error, ListingError) else error_text("")


def chip_of(state: str) -> dict[str, Any]:
    """The state in one or two words, with its colour."""
    chips = {
        "draft": (_("Draft"), ""),
        "review": (_("Waiting for review"), "chip--wait"),
        "published": (_("On sale"), "chip--good"),
        "refused": (_("Please mend"), "chip--bad"),
        "paused": (_("Paused"), ""),
        "archived": (_("Archived"), ""),
    }
    label, css = chips[state]
    return {"label": label, "css": css}
