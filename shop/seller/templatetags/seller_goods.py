"""Addresses of product pictures in the workspace."""

from django import template

from shop.catalogue.images import rendition_url

register = template.Library()


@register.simple_tag
def rendition(name: str) -> str:
    """The 400 px rendition of a stored picture."""
    return rendition_url(name, 400)
