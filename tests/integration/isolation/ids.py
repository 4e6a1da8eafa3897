"""Which id each page takes, for both cooperatives of these tests.

A page with a new kind of id needs one line in TAKES, under the most general of its names that is unambiguous:
``namespace:page:kwarg``, ``namespace:kwarg`` or ``kwarg``. The function gets a ``Side`` (one cooperative with all that
belongs to it) and returns the id; what it makes for that purpose belongs to the side as well: ``side.made(name, call)``
makes it once. Write UNMISTAKABLE strings into private fields: they are looked for in every answer to the neighbour.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.files.base import ContentFile

from shop.claims.services import claim_open
from shop.core.dates import today
from shop.delivery.services import closed_add
from shop.listings.uploads import upload_start
from shop.messaging.models import Message
from shop.promotions.services import Voucher
from shop.reviews.services import review_publish, review_write
from shop.team.services import invitation_send
from tests.factories.market import listing_make
from tests.factories.onboarding import application_make, picture
from tests.factories.promotions import own_offer
from tests.factories.sizes import sizes_make
from tests.integration.isolation.world import Side

TAKES: dict[str, Callable[[Side], Any]] = {
    # Orders
    "seller:number": lambda side: side.waiting.order.number,
    "seller:accept:number": lambda side: side.paid.order.number,
    "seller:order-part:number": lambda side: side.paid.order.number,
    "seller:cash-take:number": lambda side: side.cash.order.number,
    "seller:cash-miss:number": lambda side: side.cash.order.number,
    "seller:cash-deliver:number": lambda side: side.taken.order.number,
    "seller:cash-door:number": lambda side: side.taken.order.number,
    # Money
    "seller:line:pk": lambda side: side.line.pk,
    "seller:line-place:pk": lambda side: side.line.pk,
    "seller:line-split:pk": lambda side: side.line.pk,
    "seller:line-return:pk": lambda side: side.line.pk,
    "seller:line-ignore:pk": lambda side: side.line.pk,
    "seller:line-undo:pk": lambda side: side.ignored.pk,
    "seller:refund:pk": lambda side: side.refund.pk,
    "seller:refund-qr:pk": lambda side: side.refund.pk,
    "seller:refund-account:pk": lambda side: side.refund.pk,
    "seller:refund-settle:pk": lambda side: side.refund.pk,
    "seller:refund-to-card:pk": lambda side: side.refund.pk,
    "seller:refund-drop:pk": lambda side: side.refund.pk,
    "seller:account-approve:pk": lambda side: side.account.pk,
    "seller:account-stop:pk": lambda side: side.account.pk,
    "seller:code": lambda side: "sepay",
    "seller:statement-preview:pk": lambda side: side.statement.pk,
    "seller:statement-take:pk": lambda side: side.statement.pk,
    "seller:statement-done:pk": lambda side: side.statement.pk,
    # People
    "seller:person:pk": lambda side: side.packer.pk,
    "seller:person-remove:pk": lambda side: side.packer.pk,
    "seller:invitation-withdraw:pk": lambda side: invitation(side).pk,
    "seller:invitation:token": lambda side: invitation_token(side),
    # Applying to sell, and the cooperative's papers
    "seller:application-overview:pk": lambda side: application(side).pk,
    "seller:application-review:pk": lambda side: application(side).pk,
    "seller:application-step:pk": lambda side: application(side).pk,
    "seller:application-step:word": lambda side: "giay-to",
    "seller:application-paper-add:pk": lambda side: application(side).pk,
    "seller:application-paper:pk": lambda side: application(side).pk,
    "seller:application-paper-remove:pk": lambda side: application(side).pk,
    "seller:paper": lambda side: application(side).papers.get().pk,
    "seller:application-file:pk": lambda side: application(side).pk,
    "seller:application-file-remove:pk": lambda side: application(side).pk,
    "seller:file": lambda side: application(side).files.get().pk,
    "sellers:pk": lambda side: application(side).pk,
    "sellers:file": lambda side: application(side).files.get().pk,
    # Goods, their sizes and pictures
    "seller:product:pk": lambda side: side.draft.pk,
    "seller:product-photo:pk": lambda side: side.draft.pk,
    "seller:photo-start:pk": lambda side: side.draft.pk,
    "seller:product-stock:pk": lambda side: side.draft.pk,
    "seller:product-step:pk": lambda side: side.draft.pk,
    "seller:product-step:step": lambda side: "gui",
    "seller:photo-chunk:token": lambda side: upload(side).token,
    "seller:photo-finish:token": lambda side: upload(side).token,
    "seller:variants:pk": lambda side: sizes(side)[0].product.parent.listing.pk,
    "seller:variant-new:pk": lambda side: sizes(side)[0].product.parent.listing.pk,
    "seller:variant:pk": lambda side: sizes(side)[0].product.parent.listing.pk,
    "seller:variant-retire:pk": lambda side: sizes(side)[0].product.parent.listing.pk,
    "seller:variant-restore:pk": lambda side: sizes(side)[0].product.parent.listing.pk,
    "seller:size": lambda side: sizes(side)[1].pk,
    # Delivery and offers
    "seller:delivery-edit:pk": lambda side: side.cooperative.delivery_services.first().pk,
    "seller:delivery-switch:pk": lambda side: side.cooperative.delivery_services.first().pk,
    "seller:delivery-remove:pk": lambda side: side.cooperative.delivery_services.first().pk,
    "seller:delivery-reopen:pk": lambda side: closed_days(side).pk,
    "seller:offer:pk": lambda side: offer(side).pk,
    "seller:offer-change:pk": lambda side: offer(side).pk,
    "seller:offer-stop:pk": lambda side: offer(side).pk,
    "seller:offer-codes:pk": lambda side: offer(side).pk,
    # Problems and reviews
    "seller:claim:number": lambda side: claim(side).number,
    "seller:claim-answer:number": lambda side: claim(side).number,
    "seller:claim-settle:number": lambda side: claim(side).number,
    "seller:claim-photo:number": lambda side: claim(side).number,
    "seller:claim-photo:pk": lambda side: claim(side).photos.get().pk,
    "seller:review-reply:pk": lambda side: review(side).pk,
    "seller:review-decide:pk": lambda side: review(side).pk,
    "order:claim": lambda side: claim(side).number,
    "order:claim-photo:pk": lambda side: claim(side).photos.get().pk,
    # The link that ends messages is its own key: a forged one does not exist.
    "order:quiet:token": lambda side: "1-forged",
    # The buyer's pages: the code is the key to a purchase, so a stranger has only their own.
    "order:code": lambda side: side.neighbour.waiting.order.membership.group.code,
    "order:number": lambda side: side.waiting.order.number,
    "order:pk": lambda side: side.waiting.order.sources.get().attempt.pk,
    "customer:pk": lambda side: side.address.pk,
    "customer:kind": lambda side: "so-dien-thoai",
    "account_sign_out_there:pk": lambda side: session(side).pk,
    "account_passkey_off:pk": lambda side: passkey(side).pk,
    # What is not on sale does not exist for shoppers.
    "catalogue:pk": lambda side: side.draft.product_id,
    "catalogue:product_slug": lambda side: side.draft.product.slug,
    "catalogue:category_slug": lambda side: "khong-co",
    "cooperatives:slug": lambda side: side.cooperative.slug,
    "reconciliation:code": lambda side: "sepay",
    "reconciliation:token": lambda side: side.feed.token,
    "media:path": lambda side: "evidence/secret.txt",
    # Back offices: not for cooperatives at all, whatever the id is.
    "dashboard:number": lambda side: side.waiting.order.number,
    "dashboard:pk": lambda side: side.draft.product_id,
    "dashboard:partner_pk": lambda side: side.cooperative.partner_id,
    "dashboard:user_pk": lambda side: side.owner.pk,
    "dashboard:line_id": lambda side: side.waiting.order.lines.get().pk,
    "dashboard:product_class_slug": lambda side: side.draft.product.product_class.slug,
    "dashboard:parent_pk": lambda side: side.draft.product_id,
    "product_chooser:pk": lambda side: side.draft.product_id,
}

#: Words of Wagtail's and Oscar's back offices in whose addresses no id of a cooperative stands.
BACK_OFFICES = ("dashboard", "wagtail", "simple_translation", "product_chooser", "desk")


def id_for(side: Side, namespace: str, page: str, kwarg: str) -> Any:
    """The side's id for that place of that page."""
    for name in (f"{namespace}:{page}:{kwarg}", f"{namespace}:{kwarg}", f"{page}:{kwarg}", kwarg):
        if name in TAKES:
            return TAKES[name](side)
    if is_back_office(namespace, page):
        return 1
    raise AssertionError(f"{namespace}:{page}: say what id {kwarg!r} takes, in {__name__}.TAKES")


def is_back_office(namespace: str, page: str) -> bool:
    """Whether the page belongs to the province's staff or to operators."""
    return (namespace or page).startswith(BACK_OFFICES)


def session(side: Side) -> Any:
    """Where the owner is signed in."""
    fields = {"user": side.owner, "ip": "10.0.0.1", "user_agent": "", "session_key": f"session-{side.name}"}
    return side.made("session", lambda: UserSession.objects.create(**fields))


def passkey(side: Side) -> Any:
    """The owner's."""
    return side.made(
        "passkey", lambda: Authenticator.objects.create(user=side.owner, type="webauthn", data={"name": "Máy"})
    )


def invitation(side: Side) -> Any:
    """Somebody whom the owner invited."""
    return side.made(
        "invitation",
        lambda: invitation_send(
            cooperative=side.cooperative, phone=side.guest, role="packer", user=side.owner, by=side.owner.phone
        ),
    )


def invitation_token(side: Side) -> str:
    """The secret of the link in the text message."""
    invitation(side)
    return Message.objects.get(kind="invitation", to=side.guest).body.rstrip("/").rsplit("/", 1)[1]


def application(side: Side) -> Any:
    """Of a person who belongs to no cooperative yet, with a paper and its scan."""
    names = {"name": f"HTX {side.buyer}", "legal_name": f"HTX {side.buyer}", "phone": side.guest}
    return side.made("application", lambda: application_make(**names))


def sizes(side: Side) -> list[Any]:
    """Of goods that are not on sale yet."""
    drafted = {"title": f"{side.draft_title} hai cỡ", "state": "draft", "published_at": None}
    return side.made(
        "sizes",
        lambda: sizes_make(listing_make(side.cooperative, **drafted), "túi 500 g", ("hộp 1 kg", 1000, 90_000, 4)),
    )


def upload(side: Side) -> Any:
    """A picture that is half here."""
    return side.made("upload", lambda: upload_start(listing=side.draft, size=1000, by=side.owner.phone))


def closed_days(side: Side) -> Any:
    """The cooperative rests tomorrow."""
    day = today() + timedelta(days=1)
    fields = {"first_day": day, "last_day": day, "reason": side.buyer, "on": today(), "by": side.owner.phone}
    return side.made("closed", lambda: closed_add(cooperative=side.cooperative, **fields))


def offer(side: Side) -> Any:
    """For those who know a code."""
    title = {"title": side.buyer, "code_usage": Voucher.MULTI_USE}
    return side.made("offer", lambda: own_offer(side.cooperative, **title))


def claim(side: Side) -> Any:
    """A problem with a delivered order, with a photo."""
    order = side.done.order
    fields = {"order": order, "kind": "broken", "text": f"Hư: {side.buyer}", "key": f"claim-{side.name}", "by": "khách"}
    photo = ContentFile(picture(), name="picture.jpg")
    return side.made("claim", lambda: claim_open(lines={order.lines.get(): 1}, photos=[photo], **fields))


def review(side: Side) -> Any:
    """Published: what everybody reads is no secret."""

    def written() -> Any:
        words = {"stars": 4, "text": "Trái ngọt, giao mau.", "name": "Chị Hai", "by": side.phone}
        row = review_write(line=side.done.order.lines.get(), **words)
        review_publish(row=row, by="officer")
        return row

    return side.made("review", written)
