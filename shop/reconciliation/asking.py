"""Asking a bank's service for what its webhooks missed: a lost call is found again, and counts once."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from shop.core.sealing import SealBroken
from shop.payment.vietqr.feeds.base import FeedUnavailable
from shop.payment.vietqr.feeds.sepay.client import transactions_since
from shop.payment.vietqr.models import BankFeed
from shop.payment.vietqr.services import feed_credentials, lines_store, numbers_of
from shop.reconciliation.tasks import lines_match_later
from shop.reconciliation.webhooks import own_numbers

log = logging.getLogger(__name__)
#: Banks book some transfers late: every question goes back over the end of the last one.
OVERLAP = timedelta(hours=2)
FIRST = timedelta(days=3)


def feeds_ask(*, since: timedelta | None = None) -> int:
    """Ask every service that can be asked; the number of movements that no webhook had told."""
    rows = BankFeed.objects.filter(is_active=True, code="sepay").select_related("cooperative").order_by("pk")
    return sum(feed_ask(feed=feed, since=since) for feed in rows)


def feed_ask(*, feed: BankFeed, since: timedelta | None = None) -> int:
    """Ask one service about all of its cooperative's accounts; what it knows is kept like a webhook's news.

    Nothing when the cooperative gave no token for it. Trouble is logged; the next round asks over the same span.
    """
    try:
        credentials = feed_credentials(feed)
        if not credentials.get("api_token"):
            return 0
        return accounts_ask(feed, credentials, since)
    except (FeedUnavailable, SealBroken) as error:
        log.warning("bank feed %s did not answer: %s", feed.pk, error)
        return 0


def accounts_ask(feed: BankFeed, credentials: dict[str, str], since: timedelta | None) -> int:
    """The question itself, over the network first; then all answers in one transaction."""
    start = timezone.now()
    begin = start - since if since else (feed.asked_until or start - FIRST) - OVERLAP
    lines = {}
    for number in sorted(numbers_of(feed.cooperative_id)):
        # A movement on a virtual account is found under the real one as well.
        for line in transactions_since(credentials=credentials, account=number, since=begin):
            lines[line.foreign_id] = line
    known = own_numbers(feed, lines.values())
    with transaction.atomic():
        told = lines.values()
        new = lines_store(cooperative_id=feed.cooperative_id, feed=feed.code, lines=told, known=known) if told else 0
        BankFeed.objects.filter(pk=feed.pk).update(asked_until=start)
        if new:
            lines_match_later.enqueue(feed.cooperative_id)
    return new
