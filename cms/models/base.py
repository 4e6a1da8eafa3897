"""What all pages share: readable addresses, words for search engines, their twin in the other language."""

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.models import Page, PageViewRestriction

from shop.core.lang import shop_name
from shop.core.text import slugify_vi


class SitePage(Page):
    """A page with its goods loaded once and its twin known."""

    #: The market's pages are public: published or not, nothing in between. Saves two queries a page too.
    private_page_options: list[str] = []

    class Meta:
        abstract = True

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Titles lose their marks in the address the Vietnamese way: đ becomes d."""
        if not self.slug:
            self.slug = slugify_vi(self.title)
        super().full_clean(*args, **kwargs)

    def get_view_restrictions(self) -> QuerySet[PageViewRestriction]:
        return PageViewRestriction.objects.none()

    @cached_property
    def twins(self) -> dict[str, Page]:
        """This page and its published translations by language, in one query."""
        pages = self.get_translations(inclusive=True).live().select_related("locale")
        return {page.locale.language_code: page for page in pages}

    def url_in(self, language: str, request: HttpRequest | None = None) -> str | None:
        """Address of this page in a language, or None when it is not published in it."""
        twin = self.twins.get(language)
        return twin.get_url(request) if twin else None

    @property
    def lead(self) -> str:
        """One sentence for search engines and shared links."""
        return self.search_description or getattr(self, "intro", "")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context.update(
            self_page=self,
            meta_title=self.seo_title or self.title,
            meta_description=self.lead,
            shop_name=shop_name(),
        )
        return context
