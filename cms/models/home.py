"""The front page of the market, one for each language."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from cms.blocks import HomeStream, ProductChooserBlock, keys_in
from cms.market import Market
from cms.models.base import SitePage


class HomePage(SitePage):
    """Root of a language's tree; its sections are blocks."""

    body = StreamField(HomeStream(), verbose_name=_("Sections"), blank=True)

    content_panels = [*SitePage.content_panels, FieldPanel("body")]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["cms.StoryIndexPage", "cms.StandardPage"]
    template = "cms/home_page.html"

    class Meta:
        verbose_name = _("Home page")
        verbose_name_plural = _("Home pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        # Without ``page`` the shop's language links take the home page of the other language, asking nothing.
        del context["page"]
        season_cards = [block.value["count"] for block in self.body if block.block_type == "season"]
        context["market"] = Market(keys_in(self.body.stream_block, self.body, ProductChooserBlock), sum(season_cards))
        context["has_hero"] = any(block.block_type == "hero" for block in self.body)
        return context
