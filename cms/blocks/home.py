"""Blocks of the home page. Officers choose the words and the picks; counts, prices and seasons come from the data."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from cms import links
from cms.blocks.goods import ProductChooserBlock
from cms.blocks.prose import ProseBlock
from cms.blocks.stories import StoriesBlock
from cms.market import Market, market_in
from cms.scenes import SCENES, block_picture
from shop.catalogue.models import Product
from shop.core.dates import today
from shop.core.lang import pick
from shop.storefront.filters import MONTHS, month_name

#: Height of the drawing of a month, in units of its view box.
TALLEST = 17
#: Short name and file under ``static/img/categories`` for each sector; the official names are too long for a tile.
SECTOR_TILES = {
    "thuc-pham": (_("Food"), "food"),
    "do-uong": (_("Drinks"), "drinks"),
    "duoc-lieu": (_("Herbs"), "herbs"),
    "thu-cong-my-nghe": (_("Handicrafts"), "handicraft"),
    "sinh-vat-canh": (_("Flowers and plants"), "ornamental-plants"),
    "du-lich-cong-dong": (_("Community tourism"), "community-tourism"),
}


class TitledBlock(blocks.StructBlock):
    """A section with a title of its own; left empty, the title says what the section always is."""

    title = blocks.CharBlock(label=_("Title"), required=False, max_length=120)
    text = blocks.CharBlock(label=_("Sentence under the title"), required=False, max_length=300)


class HeroBlock(blocks.StructBlock):
    """Picture, one sentence, one button."""

    title = blocks.CharBlock(label=_("Title"), max_length=120)
    text = blocks.TextBlock(label=_("Text"), rows=3, max_length=300)
    picture = ImageChooserBlock(label=_("Photograph"), required=False)
    scene = blocks.ChoiceBlock(
        choices=SCENES, default="hero-river-dawn", label=_("Drawn scene, when there is no photograph")
    )
    alt = blocks.CharBlock(
        label=_("What the picture shows"), max_length=200, help_text=_("Read out to people who do not see it.")
    )
    button_text = blocks.CharBlock(label=_("Words on the button"), max_length=40)
    button_goes = blocks.ChoiceBlock(choices=links.destinations, default=links.SEASON, label=_("Button leads to"))
    button_product = ProductChooserBlock(
        label=_("Button leads to this product instead"),
        required=False,
        help_text=_("Once the product is no longer on sale, the button leads to the place above."),
    )

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context)
        market = market_in(context)
        product = market.product(value.get("button_product"))
        context["picture"] = block_picture(value)
        context["button_url"] = product.get_absolute_url() if product else links.destination_url(value["button_goes"])
        if product or value["button_goes"] != links.SEASON:
            context.update(season_count=market.in_season_count, season_url=links.season_url())
        return context

    class Meta:
        icon = "image"
        label = _("Opening picture")
        template = "cms/blocks/hero.html"


class SeasonRowBlock(TitledBlock):
    """What is harvested this month, out of the season data; nobody picks by hand here."""

    count = blocks.IntegerBlock(label=_("How many products"), default=8, min_value=4, max_value=12)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context)
        market = market_in(context)
        context.update(
            products=market.season_row(value["count"]),
            total=market.in_season_count,
            month=month_name(market.month),
            url=links.season_url(),
        )
        return context

    class Meta:
        icon = "calendar-alt"
        label = _("In season this month")
        template = "cms/blocks/season_row.html"


@dataclass(frozen=True)
class MonthBar:
    """A month of the harvest calendar; ``top`` is where its drawing begins (0 is the tallest)."""

    name: str
    count: int
    top: int
    url: str
    now: bool


def month_short(number: int) -> str:
    """``Th.11`` or ``Nov``."""
    return pick(f"Th.{number}", MONTHS[number - 1][:3])


def month_bars(market: Market) -> list[MonthBar]:
    """Twelve bars in proportion to the busiest month."""
    counts = market.month_counts
    most = max(counts) or 1
    return [
        MonthBar(
            month_short(month), n, TALLEST - round(TALLEST * n / most), links.season_url(month), month == market.month
        )
        for month, n in enumerate(counts, 1)
    ]


class CalendarBlock(TitledBlock):
    """The province's harvest by month, as navigation."""

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context)
        context["months"] = month_bars(market_in(context))
        return context

    class Meta:
        icon = "calendar"
        label = _("Harvest calendar")
        template = "cms/blocks/calendar.html"


@dataclass(frozen=True)
class Pick:
    """A featured product that may be shown today."""

    product: Product
    reason: str
    until: date


class PickBlock(blocks.StructBlock):
    """One featured product, why it is featured, and when that ends."""

    product = ProductChooserBlock(label=_("Product"))
    reason = blocks.TextBlock(
        label=_("Reason"), rows=2, max_length=300, help_text=_("Shown to everyone beside the product.")
    )
    until = blocks.DateBlock(
        label=_("Last day"), help_text=_("After this day the pick leaves the page by itself. Sold-out goods leave too.")
    )

    def render_basic(self, value: Any, context: Any = None) -> str:
        """In words, the product by its name: read when two versions of the page are compared."""
        return format_html_join(" · ", "{}", ((bound.render(),) for bound in value.bound_blocks.values()))

    class Meta:
        icon = "pick"
        label = _("Pick")


class PicksBlock(TitledBlock):
    """Products picked by the province."""

    picks = blocks.ListBlock(PickBlock(), label=_("Picks"), max_num=9)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context)
        shown = current_picks(value["picks"], market_in(context))
        # One large pick over pairs of smaller ones leaves no gap; an even number is all pairs.
        context.update(lead=shown[:1] if len(shown) % 2 else [], rest=shown[len(shown) % 2 :])
        return context

    class Meta:
        icon = "pick"
        label = _("Picked by the province")
        template = "cms/blocks/picks.html"


def current_picks(picks: Any, market: Market) -> list[Pick]:
    """Those that have not run out and can be bought now."""
    found = [Pick(market.product(pick["product"]), pick["reason"], pick["until"]) for pick in picks]
    return [pick for pick in found if pick.until >= today() and pick.product and not pick.product.sold_out]


class SectorsBlock(TitledBlock):
    """The six sectors with how much each has."""

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context)
        counts = market_in(context).sector_counts
        context["sectors"] = [
            {
                "name": name,
                "count": counts[slug],
                "url": links.sector_url(slug),
                "picture": f"img/categories/{file}.webp",
            }
            for slug, (name, file) in SECTOR_TILES.items()
        ]
        return context

    class Meta:
        icon = "grip"
        label = _("Six sectors")
        template = "cms/blocks/sectors.html"


class PointBlock(blocks.StructBlock):
    """A short heading and a sentence."""

    title = blocks.CharBlock(label=_("Title"), max_length=80)
    text = blocks.TextBlock(label=_("Text"), rows=2, max_length=250)


class StepsBlock(TitledBlock):
    """How to buy, in three steps."""

    steps = blocks.ListBlock(PointBlock(label=_("Step")), label=_("Steps"), min_num=1, max_num=6)

    class Meta:
        icon = "list-ol"
        label = _("How to buy")
        template = "cms/blocks/steps.html"


class PromisesBlock(TitledBlock):
    """What the market keeps to."""

    promises = blocks.ListBlock(PointBlock(label=_("Promise")), label=_("Promises"), min_num=1, max_num=6)

    class Meta:
        icon = "check"
        label = _("Promises")
        template = "cms/blocks/promises.html"


class FiguresBlock(blocks.StructBlock):
    """Numbers counted in the database, never typed."""

    title = blocks.CharBlock(label=_("Title"), required=False, max_length=120)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context)
        context["figures"] = market_in(context).figures
        return context

    class Meta:
        icon = "order"
        label = _("The market in figures")
        template = "cms/blocks/figures.html"


class HomeTextBlock(blocks.StructBlock):
    """Some sentences of the province's own."""

    text = ProseBlock()

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        template = "cms/blocks/text.html"


class HomeStream(blocks.StreamBlock):
    """The sections of the home page in the order that officers like."""

    hero = HeroBlock()
    season = SeasonRowBlock()
    calendar = CalendarBlock()
    picks = PicksBlock()
    stories = StoriesBlock()
    sectors = SectorsBlock()
    steps = StepsBlock()
    promises = PromisesBlock()
    figures = FiguresBlock()
    text = HomeTextBlock()

    class Meta:
        #: Each once: their headings are link targets.
        block_counts = {
            name: {"max_num": 1}
            for name in ("hero", "season", "calendar", "picks", "stories", "sectors", "steps", "promises", "figures")
        }
