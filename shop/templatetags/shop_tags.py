"""Tags and filters of the shop's templates (loaded as ``shop_tags``).

None of them touches the database except ``langurl`` on a Wagtail page, which looks up that page's translation.
"""

import re
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.http import HttpRequest, QueryDict
from django.templatetags.static import static
from django.urls import get_script_prefix, translate_url
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from shop.core import codes, dates, money
from shop.core import phone as phones

register = template.Library()

ICONS = Path(__file__).resolve().parent.parent / "templates" / "icons"


# --- Icons ----------------------------------------------------------------------------------------------------------
@lru_cache(maxsize=128)
def icon_symbol(name: str) -> str:
    """The ``<symbol>`` of ``icons/<name>.svg``; raises KeyError when there is no such icon."""
    path = ICONS / f"{name}.svg"
    if not re.fullmatch(r"[a-z0-9-]+", name) or not path.is_file():
        raise KeyError(f"No icon {name!r} in {ICONS}")
    found = re.search(r'viewBox="([^"]+)".*?>(.*)</svg>', path.read_text(encoding="utf-8"), re.DOTALL)
    if not found:
        raise KeyError(f"{path} is not a plain SVG")
    return f'<symbol id="i-{name}" viewBox="{found[1]}">{found[2].strip()}</symbol>'


def _request(context: template.Context) -> HttpRequest | None:
    """The request, also inside isolated includes and Wagtail's blocks."""
    return getattr(context, "request", None) or context.get("request")


def _used_icons(context: template.Context) -> dict[str, None]:
    """The icons of this answer in order of first use.

    Kept on the request, because fragments rendered on their own (Wagtail's blocks) end on the same page; without a
    request in the bottom layer of the render context, which every include and inclusion tag of one render shares.
    """
    request = _request(context)
    holder = request.__dict__ if request is not None else context.render_context.dicts[0]
    return holder.setdefault("_used_icons", {})


@register.simple_tag(takes_context=True)
def icon(context: template.Context, name: str, extra: str = "") -> SafeString:
    """``{% icon "basket" "i--s" %}``: a decorative icon; its symbol is printed by ``icon_symbols``."""
    try:
        icon_symbol(name)
    except KeyError:
        if settings.DEBUG:
            raise
        return SafeString("")
    _used_icons(context)[name] = None
    css = f"i {extra}".strip()
    return format_html('<svg class="{}" aria-hidden="true"><use href="#i-{}"/></svg>', css, name)


@register.simple_tag(takes_context=True)
def icon_symbols(context: template.Context) -> SafeString:
    """The symbols of the icons used so far; stands once, at the end of ``<body>``."""
    symbols = "".join(icon_symbol(name) for name in _used_icons(context))
    return mark_safe(f'<svg id="icons" hidden>{symbols}</svg>')  # noqa: S308  own files only


@register.simple_tag
def asset(path: str) -> str:
    """Address of a static file that never fails: pages that report a failure must not fail themselves."""
    try:
        return static(path)
    except ValueError:
        return f"{settings.STATIC_URL}{path}"


# --- Amounts, numbers, dates ----------------------------------------------------------------------------------------
@register.filter
def dong(amount: Any) -> str:
    """Whole dong as people write them: ``1.250.000 ₫`` (``1,250,000 ₫`` in English); nothing for None."""
    return "" if amount in (None, "") else money.format_dong(amount, get_language() or "vi")


@register.filter
def phone(number: str | None) -> str:
    """A number as people in the country write it: ``0901 234 567``; what is no number comes back as it is."""
    try:
        return phones.display(phones.normalise(number, allow_landline=True))
    except phones.PhoneError:
        return str(number or "")


@register.filter
def order_number(number: str | None) -> str:
    """An order number in groups that can be read out: ``DT-7K3M-9QZA``."""
    return codes.display_number(number or "")


@register.filter
def grams(weight: int | None) -> str:
    """A weight in grams as a person says it: ``500 g``, ``3 kg``, ``1,25 kg``; nothing for None."""
    return "" if weight in (None, "") else money.format_weight(int(weight), get_language() or "vi")


@register.filter
def daymonth(value: date | datetime | None) -> str:
    """Day and month: ``24/11`` or ``24 Nov``; a time in another zone is first brought to the shop's."""
    if not value:
        return ""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return date_format(value, "d/m" if get_language() == "vi" else "j M")


# --- Season ---------------------------------------------------------------------------------------------------------
class Month(NamedTuple):
    """One cell of the season bar; ``x`` is its place in the strip of a card (119 units wide)."""

    number: int
    on: bool
    now: bool
    x: int


@register.simple_tag
def season_months(mask: int, today: date | None = None) -> list[Month]:
    """Twelve cells of a season mask (bit 0 is January); the current month is marked."""
    now = (today or dates.today()).month
    return [Month(n, dates.has_month(mask, n), n == now, (n - 1) * 10) for n in range(1, 13)]


@register.filter
def next_harvest(mask: int) -> int | None:
    """The next month (1..12) with harvest when this month has none; None in season, all year or without data."""
    now = dates.today().month
    return None if dates.has_month(mask, now) else dates.next_month_in(mask, now)


@register.filter
def all_year(mask: int) -> bool:
    """Whether the season mask has all twelve months."""
    return mask == dates.ALL_YEAR


# --- Addresses ------------------------------------------------------------------------------------------------------
def _home(language: str) -> str:
    prefix = "" if language == settings.LANGUAGE_CODE else f"{language}/"
    return get_script_prefix() + prefix


@register.simple_tag
def home_url() -> str:
    """The home page in the language of this page."""
    return _home(get_language() or settings.LANGUAGE_CODE)


def _page_in(context: template.Context, language: str) -> str | None:
    """Address of the Wagtail page of this answer in ``language``; None when it is no Wagtail page."""
    page = context.get("page")
    if not hasattr(page, "get_translations"):
        return None
    if hasattr(page, "url_in"):
        return page.url_in(language, _request(context)) or _home(language)
    if page.locale.language_code == language:
        return page.get_url(_request(context))
    twin = page.get_translations().live().filter(locale__language_code=language).first()
    return twin.get_url(_request(context)) if twin else _home(language)


def _bare_path(request: HttpRequest) -> str:
    """The path with no parameters but the page number: what search engines should keep."""
    number = request.GET.get("page", "")
    tail = f"?page={number}" if number.isdecimal() and int(number) > 1 else ""
    return request.path + tail


@register.simple_tag(takes_context=True)
def langurl(context: template.Context, language: str, *, bare: bool = False) -> str:
    """This page in ``language``; that language's home page where there is no such page.

    Keeps the GET parameters, with ``bare=True`` only the page number.
    """
    request = _request(context)
    if request is None:
        return _home(language)
    address = _page_in(context, language)
    if address:
        return address
    match = getattr(request, "resolver_match", None)
    if match is None or match.url_name == "wagtail_serve":
        return _home(language)
    return translate_url(_bare_path(request) if bare else request.get_full_path(), language)


def other_language() -> str:
    """Code of the language that this page is not in."""
    here = get_language() or settings.LANGUAGE_CODE
    return next((code for code, _ in settings.LANGUAGES if code != here), here)


@register.simple_tag(takes_context=True)
def other_language_url(context: template.Context) -> str:
    """This page in the other language."""
    return langurl(context, other_language())


@register.simple_tag(takes_context=True)
def absolute(context: template.Context, address: str) -> str:
    """A local address with scheme and host."""
    request = _request(context)
    return request.build_absolute_uri(address) if request is not None else address


@register.simple_tag(takes_context=True)
def canonical_url(context: template.Context) -> str:
    """The address search engines should keep: no parameters but the page number."""
    request = _request(context)
    return request.build_absolute_uri(_bare_path(request)) if request is not None else ""


@register.simple_tag(takes_context=True)
def current(context: template.Context, address: str | None) -> SafeString:
    """`` aria-current`` for a menu entry: "page" when it is this page, "true" when this page lies under it."""
    request = _request(context)
    path = (address or "").split("?")[0]
    if request is None or not path or "?" in (address or ""):
        return SafeString("")
    if request.path == path:
        return SafeString(' aria-current="page"')
    inside = path not in {_home(code) for code, _ in settings.LANGUAGES} and request.path.startswith(path)
    return SafeString(' aria-current="true"' if inside else "")


def _link(context: template.Context, parameters: QueryDict) -> str:
    encoded = parameters.urlencode()
    return f"?{encoded}" if encoded else getattr(_request(context), "path", "?")


def _parameters(context: template.Context) -> QueryDict:
    request = _request(context)
    return request.GET.copy() if request is not None else QueryDict(mutable=True)


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """``{% query sort="price" %}``: this address with other GET parameters; None or "" removes one.

    Goes back to the first page unless ``page`` is given.
    """
    parameters = _parameters(context)
    parameters.pop("page", None)
    for key, value in changes.items():
        if value in (None, ""):
            parameters.pop(key, None)
        else:
            parameters.setlist(key, [str(v) for v in value] if isinstance(value, list | tuple) else [str(value)])
    return _link(context, parameters)


@register.simple_tag(takes_context=True)
def query_without(context: template.Context, key: str, value: Any) -> str:
    """This address without one value of a parameter that may have several (a chip that removes a facet)."""
    parameters = _parameters(context)
    parameters.pop("page", None)
    left = [v for v in parameters.getlist(key) if v != str(value)]
    parameters.setlist(key, left)
    return _link(context, parameters)


@register.simple_tag
def page_range(page: Page) -> list[int | None]:
    """Numbers for the pager: first, last and the neighbours of this page; None stands for a gap."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [n if isinstance(n, int) else None for n in numbers]


# --- Form fields ----------------------------------------------------------------------------------------------------
def _kind(bound: BoundField) -> str:
    widget = bound.field.widget
    if bound.is_hidden:
        return "hidden"
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "choices"
    return "tick" if isinstance(widget, CheckboxInput) else "box"


def _attributes(bound: BoundField, hint: str, extra: dict[str, str]) -> dict[str, str]:
    """Attributes of the control: what describes it, whether it is wrong, and what the caller adds."""
    error = f"{bound.auto_id}-error" if bound.errors else ""
    described = " ".join(part for part in (error, f"{bound.auto_id}-hint" if hint else "") if part)
    attributes = {key.replace("_", "-"): value for key, value in extra.items() if value is not None}
    if described:
        attributes["aria-describedby"] = described
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return attributes


@register.inclusion_tag("components/field.html", takes_context=True)
def field(  # one keyword per thing a page may want to change
    context: template.Context,
    bound: BoundField,
    *,
    label: str | None = None,
    hint: str | None = None,
    optional: bool | None = None,
    commune: bool = False,
    css: str = "",
    **attributes: str,
) -> dict[str, Any]:
    """``{% field form.phone hint="…" autocomplete="tel" data_refresh="" %}``: see ``components/field.html``."""
    hint = bound.help_text if hint is None else hint
    kind = _kind(bound)
    if optional is None:
        optional = not bound.field.required and kind == "box"
    return {
        "bound": bound,
        "kind": kind,
        "label": bound.label if label is None else label,
        "hint": hint,
        "optional": optional,
        "commune": commune,
        "css": css,
        "widget": bound.as_widget(attrs=_attributes(bound, hint, attributes)) if kind != "choices" else "",
        "error": " ".join(bound.errors),
        "request": _request(context),
    }


@register.simple_tag
def stars_label(stars: int) -> str:
    """``OCOP 4 stars`` in the visitor's language."""
    return gettext("OCOP %(stars)s stars") % {"stars": stars}
