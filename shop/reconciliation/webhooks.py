"""``/webhooks/<service>/<token>/``: a bank's service tells about movements. Verify, keep once, answer, match later."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import OperationalError, transaction
from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from shop.core.sealing import SealBroken
from shop.payment.vietqr.feeds import feed as feed_of
from shop.payment.vietqr.feeds.base import FeedError, Line
from shop.payment.vietqr.feeds.reading import MAX_BODY
from shop.payment.vietqr.models import BankFeed
from shop.payment.vietqr.services import feed_credentials, lines_store, numbers_of
from shop.reconciliation.tasks import matching_queue
from shop.reconciliation.turns import turn

#: How often it is noted that a service speaks: the note locks the feed's row, for which all its calls would wait.
HEARD = timedelta(minutes=1)


class WrongAccount(Exception):
    """The news is about an account that is not the cooperative's."""


@never_cache
@csrf_exempt
@require_POST
def bank(request: HttpRequest, code: str, token: str) -> JsonResponse:
    """4xx when the news cannot be believed: nothing is kept then. 503 when it may work later: the service repeats."""
    feed = BankFeed.objects.filter(token=token, code=code, is_active=True).first()
    reader = feed_of(code)
    if feed is None or reader is None:
        raise Http404
    try:
        notice = reader.read(
            body=body_of(request), headers=request.headers, credentials=feed_credentials(feed), now=timezone.now()
        )
        if not notice.is_probe:
            lines_take(feed, notice.lines)
    except FeedError as error:
        return refusal(error.code, error.status)
    except WrongAccount:
        return refusal("account", 422)
    except (OperationalError, SealBroken):
        return refusal("later", 503)
    return JsonResponse(reader.answer)


def body_of(request: HttpRequest) -> bytes:
    """The raw body; a huge one is refused before it is read."""
    length = request.headers.get("Content-Length", "0")
    if not length.isdecimal() or int(length) > MAX_BODY:
        raise FeedError("huge")
    return request.body


def lines_take(feed: BankFeed, lines: tuple[Line, ...]) -> int:
    """Keep the lines and queue their matching, together or not at all; the number that were new."""
    known = own_numbers(feed, lines)
    with turn(), transaction.atomic():
        new = lines_store(cooperative_id=feed.cooperative_id, feed=feed.code, lines=lines, known=known)
        if new:
            matching_queue(feed.cooperative_id)
            heard_note(feed)
    return new


def heard_note(feed: BankFeed) -> None:
    """The service speaks; to the minute."""
    now = timezone.now()
    if feed.last_heard_at is None or now - feed.last_heard_at > HEARD:
        BankFeed.objects.filter(pk=feed.pk).update(last_heard_at=now)


def own_numbers(feed: BankFeed, lines: Iterable[Line]) -> dict[str, str]:
    """By account as told: the number of the cooperative's that is meant. One foreign line refuses the whole news."""
    mine = numbers_of(feed.cooperative_id)
    known = {}
    for line in lines:
        found = next((number for number in (line.account, line.virtual_account) if number in mine), None)
        if found is None:
            raise WrongAccount
        known[line.account] = found
    return known


def refusal(code: str, status: int) -> Any:
    """Why nothing was kept."""
    return JsonResponse({"success": False, "error": code}, status=status)
