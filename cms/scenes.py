"""Scene pictures: the drawn ones that come with the shop, and photographs that officers upload."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from shop.templatetags.shop_tags import asset

if TYPE_CHECKING:
    from wagtail.images.models import AbstractImage

#: Names under ``static/img/scenes``; each has a file for phones (800 x 450) and one for desktops (1600 x 900).
SCENES = [
    ("hero-river-dawn", _("Boats on the river at dawn")),
    ("lotus-thap-muoi", _("Lotus field")),
    ("mango-orchard", _("Mango orchard")),
    ("flower-village-sa-dec", _("Flower village of Sa Dec")),
    ("fishing-coast-go-cong", _("Fishing coast of Go Cong")),
    ("rice-paper-yard", _("Rice paper drying yard")),
    ("garden-island-monkey-bridge", _("Garden island with a monkey bridge")),
    ("tet-market-night", _("Night market before Tet")),
]
#: Cut to the same shape as the drawn scenes, so that a page keeps its layout whichever is chosen.
SMALL, LARGE = "fill-800x450|format-webp", "fill-1600x900|format-webp"


@dataclass(frozen=True)
class Picture:
    """Addresses of one picture in both sizes, and the words for people who do not see it."""

    small: str
    large: str
    alt: str


def picture_of(image: "AbstractImage | None", scene: str, alt: str = "") -> Picture | None:
    """The uploaded picture when there is one, else the drawn scene, else None.

    Costs no query for a scene; one for the renditions of an upload, unless they were prefetched.
    """
    if image is not None:
        cuts = image.get_renditions(SMALL, LARGE)
        return Picture(cuts[SMALL].url, cuts[LARGE].url, alt or image.description or "")
    if scene:
        return Picture(asset(f"img/scenes/{scene}-800.webp"), asset(f"img/scenes/{scene}.webp"), alt)
    return None


def block_picture(value: Any) -> Picture | None:
    """The picture of a block with the fields ``picture``, ``scene`` and ``alt``."""
    return picture_of(value.get("picture"), value.get("scene") or "", value.get("alt") or "")
