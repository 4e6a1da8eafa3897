"""Blocks of running text. No raw HTML anywhere: what editors write passes an allow-list when it is stored."""

from typing import Any

import nh3
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from cms.blocks.goods import ProductsBlock
from cms.scenes import SCENES, block_picture

FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link"]
TAGS = {"p", "h2", "h3", "b", "strong", "i", "em", "ul", "ol", "li", "a", "br"}
#: ``linktype`` and ``id`` are how Wagtail stores a link to one of its own pages.
ATTRIBUTES = {"a": {"href", "linktype", "id"}}


def clean_html(html: str) -> str:
    """The text with nothing left but the tags of :data:`FEATURES`; scripts go with their content."""
    return nh3.clean(
        html, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https", "mailto", "tel"}, link_rel=None
    )


class ProseBlock(blocks.RichTextBlock):
    """Headings, paragraphs, lists and links; cleaned on the way to the database, whoever wrote it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"features": FEATURES, "label": _("Text"), **kwargs})

    def get_prep_value(self, value: Any) -> str:
        return clean_html(super().get_prep_value(value) or "")

    class Meta:
        icon = "pilcrow"


class QuoteBlock(blocks.StructBlock):
    """Somebody's own words."""

    text = blocks.TextBlock(label=_("Quotation"), rows=3)
    who = blocks.CharBlock(label=_("Who says it"), required=False, max_length=120)

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        template = "cms/blocks/quote.html"


class PictureBlock(blocks.StructBlock):
    """A picture across the text."""

    picture = ImageChooserBlock(label=_("Photograph"), required=False)
    scene = blocks.ChoiceBlock(choices=SCENES, label=_("Drawn scene, when there is no photograph"), required=False)
    alt = blocks.CharBlock(
        label=_("What the picture shows"), max_length=200, help_text=_("Read out to people who do not see it.")
    )
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=250)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context)
        context["picture"] = block_picture(value)
        return context

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "cms/blocks/picture.html"


class TableBlock(blocks.StructBlock):
    """A plain table typed as lines, so that it works from a phone and pastes from a spreadsheet."""

    rows = blocks.TextBlock(
        label=_("Rows"),
        rows=6,
        help_text=_("One line for each row, cells parted by | . The first line is the head."),
    )
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=200)

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context)
        context["head"], *context["body"] = table_rows(value["rows"]) or [[]]
        return context

    class Meta:
        icon = "table"
        label = _("Table")
        template = "cms/blocks/table.html"


def table_rows(text: str) -> list[list[str]]:
    """Cells of each line, all rows as long as the longest. A tab parts cells too: spreadsheets copy that way."""
    rows = [[cell.strip() for cell in line.replace("\t", "|").split("|")] for line in text.splitlines() if line.strip()]
    width = max(map(len, rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]


class StoryStream(blocks.StreamBlock):
    """Body of a story."""

    text = ProseBlock()
    quote = QuoteBlock()
    picture = PictureBlock()
    products = ProductsBlock()


class PageStream(blocks.StreamBlock):
    """Body of a standard page."""

    text = ProseBlock()
    table = TableBlock()
    quote = QuoteBlock()
    picture = PictureBlock()
