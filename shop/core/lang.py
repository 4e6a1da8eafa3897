"""Pick the text of the visitor's language from a pair of columns."""

from typing import Any

from django.conf import settings
from django.utils.translation import get_language


def pick(vi: str, en: str) -> str:
    """English for visitors in English when there is an English text, else Vietnamese."""
    return en if en and (get_language() or "vi").startswith("en") else vi


def shop_name() -> str:
    """The shop's name in the visitor's language."""
    return pick(settings.SHOP_NAME, settings.SHOP_NAME_EN)


class Bilingual:
    """Attribute that reads ``<name>_vi`` or ``<name>_en`` by the active language."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.vi, self.en = f"{name}_vi", f"{name}_en"

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        return pick(getattr(instance, self.vi), getattr(instance, self.en))
