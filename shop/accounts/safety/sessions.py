"""Where an account is signed in, in words that people recognise their devices by."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

KEY = "accounts_seen"
#: Seconds between two notes of when a session was last used: no write for every page.
PAUSE = 15 * 60

#: What a browser's own description gives away; the first that fits counts.
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("Mac OS X", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux"),
)  # fmt: skip
BROWSERS = (
    ("Zalo", "Zalo"), ("FBAN|FBAV", "Facebook"), ("coc_coc", "Cốc Cốc"), ("Edg", "Edge"), ("OPR|Opera", "Opera"),
    ("SamsungBrowser", "Samsung Internet"), ("Firefox|FxiOS", "Firefox"), ("Chrome|CriOS", "Chrome"),
    ("Safari", "Safari"),
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """One session on the page. ``network`` is the address without its last parts."""

    pk: int
    device: str
    network: str
    since: Any
    seen: Any
    is_here: bool
    is_phone: bool


def session_note(request: HttpRequest) -> None:
    """Write down the session that has just been opened."""
    if request.user.is_authenticated:
        UserSession.objects.create_from_request(request)
        request.session[KEY] = [request.session.session_key, time.time()]


class SessionsMiddleware:
    """Keeps the list of sessions true: when each was last used, and its key when that changes.

    Only for sessions that are on the list, and never for pages that did not look at the session.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.session.accessed and not request.session.is_empty():
            session_follow(request)
        return response


def session_follow(request: HttpRequest) -> None:
    """Note that the session was used just now, when the last note is old or its key is another one."""
    known = request.session.get(KEY)
    if not isinstance(known, list) or len(known) != 2:
        return
    key, at = known
    now, current = time.time(), request.session.session_key
    if key == current and now - at < PAUSE:
        return
    values = {"last_seen_at": timezone.now(), "ip": get_adapter().get_client_ip(request)}
    UserSession.objects.filter(session_key=key).update(session_key=current, **values)
    request.session[KEY] = [current, now]


def places_of(request: HttpRequest) -> list[Place]:
    """Where the account is signed in: here first, then the one used last. Ended sessions leave the list."""
    if not UserSession.objects.filter(session_key=request.session.session_key).exists():
        session_note(request)  # opened before there was a list
    rows = UserSession.objects.purge_and_list(request.user)
    here = request.session.session_key
    return sorted((place_of(row, here) for row in rows), key=lambda place: (not place.is_here, -place.seen.timestamp()))


def place_of(row: UserSession, here: str) -> Place:
    return Place(
        pk=row.pk,
        device=device_text(row.user_agent),
        network=network_text(row.ip),
        since=row.created_at,
        seen=row.last_seen_at,
        is_here=row.session_key == here,
        is_phone=bool(re.search("iPhone|Android|Mobile", row.user_agent)),
    )


def device_text(agent: str) -> str:
    """Browser and device in words: "Chrome on Android"."""
    system = next((name for words, name in SYSTEMS if re.search(words, agent)), "")
    browser = next((name for words, name in BROWSERS if re.search(words, agent)), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("A device that we do not know")


def network_text(ip: str | None) -> str:
    """Enough of the address to recognise, too little to be found by."""
    if not ip:
        return ""
    if ":" in ip:
        return ":".join(ip.split(":")[:3]) + ":…"
    return ".".join(ip.split(".")[:2]) + ".…"
