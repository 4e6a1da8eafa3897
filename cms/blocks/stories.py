"""The row of stories on the home page."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from cms.blocks.goods import KeyChooserMixin

ROW = 4


class StoryChooserBlock(KeyChooserMixin, blocks.PageChooserBlock):
    """One story; a key, as the goods are."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"page_type": "cms.StoryPage", **kwargs})


class StoriesBlock(blocks.StructBlock):
    """The chosen stories, or the latest four."""

    title = blocks.CharBlock(label=_("Title"), required=False, max_length=120)
    stories = blocks.ListBlock(
        StoryChooserBlock(label=_("Story")),
        label=_("Stories"),
        default=[],
        max_num=ROW,
        help_text=_("Leave empty to show the four latest ones."),
    )

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        from cms.models import StoryPage

        context = super().get_context(value, parent_context)
        page = context.get("self_page")
        context["stories"] = StoryPage.for_row(page.locale_id, value["stories"], ROW) if page else []
        return context

    class Meta:
        icon = "openquote"
        label = _("Stories")
        template = "cms/blocks/stories.html"
