"""Every address of the site, out of the URLconf."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse


@dataclass(frozen=True)
class Page:
    """An address by its name, with the names of what it takes."""

    namespace: str
    name: str
    kwargs: tuple[str, ...]
    #: Whether it takes something that has no name: the path of a content page.
    takes_path: bool = False

    @property
    def label(self) -> str:
        return f"{self.namespace}:{self.name}" if self.namespace else self.name

    def url(self, id_for: Callable[[str, str, str], Any]) -> str:
        """The address with the ids that ``id_for(namespace, page, kwarg)`` names."""
        if self.takes_path:
            return reverse(self.label, args=["khong-co/"])
        values = {kwarg: id_for(self.namespace, self.name, kwarg) for kwarg in self.kwargs}
        try:
            return reverse(self.label, kwargs=values)
        except NoReverseMatch:
            # Words where we gave numbers: back offices name models in their addresses.
            return reverse(self.label, kwargs={key: "x" if value == 1 else value for key, value in values.items()})


def pages() -> list[Page]:
    """All pages that have a name, each once."""
    return list(dict.fromkeys(walk(get_resolver().url_patterns, (), ())))


def walk(entries: Any, names: tuple[str, ...], spaces: tuple[str, ...]) -> Iterator[Page]:
    for entry in entries:
        taken = names + tuple(key for key in kwargs_of(entry.pattern) if key not in names)
        if isinstance(entry, URLResolver):
            inner = spaces + ((entry.namespace,) if entry.namespace else ())
            yield from walk(entry.url_patterns, taken, inner)
        elif isinstance(entry, URLPattern) and entry.name:
            regex = entry.pattern.regex
            yield Page(":".join(spaces), entry.name, taken, regex.groups > len(regex.groupindex))


def kwargs_of(pattern: Any) -> list[str]:
    """Names of what the piece of an address takes."""
    return list(dict.fromkeys([*getattr(pattern, "converters", {}), *pattern.regex.groupindex]))
