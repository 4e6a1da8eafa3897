"""Blocks that pages are built of."""

from cms.blocks.goods import ProductChooserBlock, ProductsBlock, keys_in
from cms.blocks.home import HomeStream
from cms.blocks.prose import PageStream, StoryStream
from cms.blocks.stories import StoryChooserBlock

__all__ = [
    "HomeStream",
    "PageStream",
    "ProductChooserBlock",
    "ProductsBlock",
    "StoryChooserBlock",
    "StoryStream",
    "keys_in",
]
