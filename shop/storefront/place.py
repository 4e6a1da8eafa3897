"""What a browser remembers for its visitor in plain cookies, so that pages need no session."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from shop.core import places

COOKIE = "noi-nhan"
#: Secret code of the purchase made last in this browser.
LAST_COOKIE = "don-vua-dat"
#: Shown until the visitor says otherwise; the provincial capital's centre.
DEFAULT_WARD = "28261"


def chosen_ward(request: HttpRequest) -> str:
    """The commune that the visitor chose, or an empty string."""
    code = request.COOKIES.get(COOKIE, "")
    return code if places.commune(code) else ""


def ward_of(request: HttpRequest) -> str:
    """The commune that prices are shown for."""
    return chosen_ward(request) or DEFAULT_WARD


def ward_remember(response: HttpResponse, ward_code: str) -> None:
    """Keep the commune for a year."""
    response.set_cookie(
        COOKIE, ward_code, max_age=365 * 86400, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=True
    )
