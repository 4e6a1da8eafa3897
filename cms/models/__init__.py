"""Pages of the site."""

from cms.models.home import HomePage
from cms.models.standard import StandardPage
from cms.models.story import StoryIndexPage, StoryPage

__all__ = ["HomePage", "StandardPage", "StoryIndexPage", "StoryPage"]
