"""Pages that explain: delivery, returns, privacy, rules."""

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from cms.blocks import PageStream
from cms.models.base import SitePage


def address_taken(slug: str) -> bool:
    """Whether the shop itself answers at ``/<slug>/``, so that no page could ever be seen there."""
    try:
        match = resolve(f"/{slug}/")
    except Resolver404:
        return False
    return match.url_name != "wagtail_serve"


class StandardPage(SitePage):
    """Title, a sentence, text. Those with "Show in menus" stand in the footer, in the order of the page tree."""

    intro = models.CharField(_("Introduction"), max_length=300, blank=True)
    body = StreamField(PageStream(), verbose_name=_("Text"), blank=True)

    content_panels = [*SitePage.content_panels, FieldPanel("intro"), FieldPanel("body")]
    parent_page_types = ["cms.HomePage"]
    subpage_types: list[str] = []
    template = "cms/standard_page.html"
    show_in_menus_default = True

    class Meta:
        verbose_name = _("Information page")
        verbose_name_plural = _("Information pages")

    def clean(self) -> None:
        super().clean()
        if address_taken(self.slug):
            raise ValidationError({"slug": _("The shop itself uses this address. Please choose another.")})
