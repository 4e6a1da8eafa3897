"""Stories of the people who grow and make what is sold."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db import models
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.images import get_image_model, get_image_model_string

from cms.blocks import ProductChooserBlock, StoryStream, keys_in
from cms.market import Market
from cms.models.base import SitePage
from cms.scenes import LARGE, SCENES, SMALL, Picture, picture_of
from shop.core.dates import today

#: Both languages are read at about this speed on a phone; Vietnamese counts syllables.
WORDS_A_MINUTE = 200
PER_PAGE = 13


class StoryIndexPage(SitePage):
    """All stories of a language, latest first."""

    #: Part of the public addresses; the same in both languages.
    SLUG = "cau-chuyen"

    intro = models.CharField(_("Introduction"), max_length=300, blank=True)

    content_panels = [*SitePage.content_panels, FieldPanel("intro")]
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.StoryPage"]
    max_count_per_parent = 1
    show_in_menus_default = True
    template = "cms/story_index_page.html"

    class Meta:
        verbose_name = _("List of stories")
        verbose_name_plural = _("Lists of stories")

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self.slug = self.SLUG
        super().full_clean(*args, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        stories = _for_cards(StoryPage.objects.child_of(self))
        context["page_obj"] = Paginator(stories, PER_PAGE).get_page(request.GET.get("page"))
        return context


class StoryPage(SitePage):
    """A long read with pictures, and goods with today's price in the middle of the text."""

    intro = models.CharField(_("Introduction"), max_length=300)
    byline = models.CharField(
        _("Who tells it"), max_length=120, blank=True, help_text=_("As it is printed: Told by Ms Ba Lieu")
    )
    picture = models.ForeignKey(
        get_image_model_string(),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Photograph"),
    )
    scene = models.CharField(_("Drawn scene, when there is no photograph"), max_length=40, choices=SCENES, blank=True)
    alt = models.CharField(
        _("What the picture shows"), max_length=200, blank=True, help_text=_("Read out to people who do not see it.")
    )
    cooperative = models.ForeignKey(
        "cooperatives.Cooperative",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Cooperative"),
    )
    place = models.CharField(_("Place"), max_length=120, blank=True)
    date = models.DateField(_("Date"), default=today)
    body = StreamField(StoryStream(), verbose_name=_("Text"), blank=True)

    content_panels = [
        *SitePage.content_panels,
        FieldPanel("intro"),
        MultiFieldPanel([FieldPanel("picture"), FieldPanel("scene"), FieldPanel("alt")], _("Picture")),
        MultiFieldPanel(
            [FieldPanel("byline"), FieldPanel("place"), FieldPanel("date"), FieldPanel("cooperative")],
            _("Who, where, when"),
        ),
        FieldPanel("body"),
    ]
    parent_page_types = ["cms.StoryIndexPage"]
    subpage_types: list[str] = []
    template = "cms/story_page.html"

    class Meta:
        verbose_name = _("Story")
        verbose_name_plural = _("Stories")

    @classmethod
    def for_row(cls, locale_id: int, chosen: Iterable[int | None], count: int) -> list["StoryPage"]:
        """The chosen stories in their order, or the latest ones of a language when none is chosen."""
        keys = [key for key in chosen if key]
        if not keys:
            return list(_for_cards(cls.objects.filter(locale_id=locale_id))[:count])
        found = {story.pk: story for story in _for_cards(cls.objects.filter(pk__in=keys))}
        return [found[key] for key in keys if key in found]

    @property
    def address(self) -> str:
        """Where the story is in the active language; asks nothing, unlike Wagtail's ``url``."""
        return reverse("wagtail_serve", args=[f"{StoryIndexPage.SLUG}/{self.slug}/"])

    @cached_property
    def cover(self) -> Picture | None:
        return picture_of(self.picture, self.scene, self.alt)

    @property
    def minutes(self) -> int:
        """How long reading takes, in whole minutes."""
        words = sum(len(strip_tags(str(block.value)).split()) for block in self.body if block.block_type == "text")
        return max(1, round(words / WORDS_A_MINUTE))

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["market"] = Market(keys_in(self.body.stream_block, self.body, ProductChooserBlock))
        if self.cover:
            context["meta_image"] = request.build_absolute_uri(self.cover.large)
        return context


def _for_cards(stories: QuerySet[StoryPage]) -> QuerySet[StoryPage]:
    """Published ones, latest first, with their pictures: one query, one more when photographs were uploaded."""
    cuts = get_image_model().get_rendition_model().objects.filter(filter_spec__in=[SMALL, LARGE])
    return (
        stories.live()
        .order_by("-date", "-pk")
        .select_related("picture")
        .prefetch_related(Prefetch("picture__renditions", cuts, to_attr="prefetched_renditions"))
    )
