"""What is said about sizes: quick choices, and what stands in the way of a change."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from shop.listings.models import Listing
from shop.seller.variants.forms import packed_weight
from shop.variants.services import VariantError


@dataclass(frozen=True)
class Quick:
    """A size that many goods have; ``grams`` is None when only the seller knows."""

    key: str
    text: Any
    label_vi: str
    label_en: str
    grams: int | None = None


QUICK = (
    Quick("500g", "500 g", "túi 500 g", "500 g bag", 500),
    Quick("1kg", "1 kg", "túi 1 kg", "1 kg bag", 1000),
    Quick("5kg", "5 kg", "thùng 5 kg", "5 kg box", 5000),
    Quick("hop", gettext_lazy("Box"), "hộp ", "box"),
)


def quick_values(key: str, listing: Listing) -> dict[str, Any]:
    """What a quick choice fills in; the price is worked out from the cheapest size, up to the next thousand dong."""
    chosen = next((one for one in QUICK if one.key == key), None)
    if chosen is None:
        return {}
    values: dict[str, Any] = {"label_vi": chosen.label_vi, "label_en": chosen.label_en}
    if chosen.grams:
        values |= {"net_weight_g": weight_text(chosen.grams), "ship_weight_g": weight_text(packed_weight(chosen.grams))}
        goods = listing.product.cheapest
        known = goods.size.net_weight_g if goods.size else listing.net_weight_g
        if known and goods.card_price:
            values["price"] = price_text(-(-goods.card_price * chosen.grams // known // 1000) * 1000)
    return values


def price_text(price: int | None) -> str:
    """As people type it: "195.000"."""
    return f"{price:,}".replace(",", ".") if price else ""


def weight_text(grams: int | None) -> str:
    """As people type it: "500 g", "1,5 kg"; whatever it is, the form reads it back as the same number."""
    if not grams:
        return ""
    if grams < 1000:
        return f"{grams} g"
    return f"{grams / 1000:.3f}".rstrip("0").rstrip(".").replace(".", ",") + " kg"


def problem_field(code: str) -> str:
    """The field of the form that a refusal is about; empty for the whole of it."""
    fields = {"same_label": "label_vi", "held": "net_weight_g", "stock_moved": "stock"}
    return fields.get(code, "")


def problem_text(error: VariantError) -> str:
    """Why nothing was changed, and what to do."""
    if error.code == "stock_moved":
        return ngettext(
            "Orders came in meanwhile: %(left)d can be ordered now. Please write the number again.",
            "Orders came in meanwhile: %(left)d can be ordered now. Please write the number again.",
            error.left,
        ) % {"left": error.left}
    texts = {
        "same_label": _("You sell a size with this name already. Please give it another name."),
        "held": _("Buyers have ordered this weight, so it stays. For another weight, add another size."),
        "too_many": _("These are many sizes already. Stop selling one of them first."),
        "last": _("Something must stay on sale. To sell none of it for a while, pause the product."),
        "weights": _("Please check the weights of the product itself first."),
        "label": _("Please write the unit of the product itself first."),
        "stock": _("Please write price and stock of the product itself first."),
    }
    return texts.get(error.code, _("That is not possible now. Please look again."))
