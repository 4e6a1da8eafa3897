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

from shop.claims.services import claim_open
from shop.core.dates import today as date_today
from shop.core.uploads import image_clean
from shop.delivery.models import ClosedDays
from shop.listings.uploads import upload_start
from shop.messaging.models import Message
from shop.numbers.owndata.services import archive_ask, archive_build
from shop.reviews.services import review_publish, review_write
from shop.team.services import invitation_send
from tests.factories import listing_make
from tests.factories.onboarding import application_make
from tests.factories.promotions import own_offer
from tests.factories.sizes import sizes_make
from tests.integration.isolation.world import Side
from tests.integration.seller.parcels import jpeg

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
    # Numbers
    "seller:year": lambda side: 2026,
    "seller:month": lambda side: 1,
    "seller:own-data-file:pk": lambda side: archive(side).pk,
    # People
    "seller:person:pk": lambda side: side.packer.pk,
    "seller:person-remove:pk": lambda side: side.packer.pk,
    "seller:invitation-withdraw:pk": lambda side: invitation(side).pk,
    "seller:invitation:token": lambda side: invitation_token(side),
    # Applying, and a cooperative's papers
    **{
        f"seller:application-{page}:pk": lambda side: application(side).pk
        for page in ("overview", "review", "step", "paper-add", "paper", "paper-remove", "file", "file-remove")
    },
    "seller:paper": lambda side: application(side).papers.get().pk,
    "seller:file": lambda side: application(side).files.get().pk,
    "seller:word": lambda side: "nguoi-ban",
    # Goods and their sizes
    **{f"seller:{page}:pk": lambda side: side.listing.pk for page in ("product", "product-photo", "product-stock")},
    "seller:photo-start:pk": lambda side: side.draft.pk,
    "seller:product-step:pk": lambda side: side.listing.pk,
    "seller:step": lambda side: "tam-dung",
    "seller:token": lambda side: upload(side).token,
    **{
        f"seller:{page}:pk": lambda side: sizes(side)[0].product.parent.listing.pk
        for page in ("variants", "variant-new", "variant", "variant-retire", "variant-restore")
    },
    "seller:size": lambda side: sizes(side)[0].pk,
    # Delivery and offers
    **{
        f"seller:delivery-{page}:pk": lambda side: side.cooperative.delivery_services.first().pk
        for page in ("edit", "switch", "remove")
    },
    "seller:delivery-reopen:pk": lambda side: closed_days(side).pk,
    **{f"seller:{page}:pk": lambda side: offer(side).pk for page in ("offer", "offer-change", "offer-stop")},
    "seller:offer-codes:pk": lambda side: offer(side).pk,
    # Reported problems and reviews
    **{f"seller:{page}:number": lambda side: claim(side).number for page in ("claim", "claim-answer", "claim-photo")},
    "seller:claim-settle:number": lambda side: claim(side).number,
    "seller:claim-photo:pk": lambda side: claim(side).photos.get().pk,
    "seller:review-reply:pk": lambda side: review(side).pk,
    "seller:review-decide:pk": lambda side: review(side).pk,
    "order:claim": lambda side: claim(side).number,
    "order:claim-photo:pk": lambda side: claim(side).photos.get().pk,
    "order:token": lambda side: "khong-co",
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
BACK_OFFICES = ("dashboard", "wagtail", "simple_translation", "product_chooser", "desk", "sellers")


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


def application(side: Side) -> Any:
    """The cooperative's dossier: a paper with a scan."""
    fields = {"cooperative": side.cooperative, "address": side.street, "bank_number": side.number}
    return side.made("application", lambda: application_make(side.owner, **fields))


def upload(side: Side) -> Any:
    """A picture on its way."""
    return side.made("upload", lambda: upload_start(listing=side.draft, size=1_000, by="test"))


def sizes(side: Side) -> list[Any]:
    """Goods in two sizes."""
    return side.made("sizes", lambda: sizes_make(listing_make(side.cooperative), "hộp", ("túi", 200, 40_000, 5)))


def closed_days(side: Side) -> Any:
    """A day on which nothing leaves."""
    day = date_today() + timedelta(days=5)
    return side.made(
        "closed", lambda: ClosedDays.objects.create(cooperative=side.cooperative, first_day=day, last_day=day)
    )


def offer(side: Side) -> Any:
    """An offer on all goods."""
    return side.made("offer", lambda: own_offer(side.cooperative, title=f"Ưu đãi {side.name}"))


def claim(side: Side) -> Any:
    """What a buyer reported, with a photo."""
    order = side.done.order
    values = {"kind": "broken", "text": side.memo, "key": f"claim-{side.name}", "photos": [image_clean(jpeg())]}
    lines = {order.lines.get(): 1}
    return side.made("claim", lambda: claim_open(order=order, lines=lines, by=side.phone, **values))


def review(side: Side) -> Any:
    """What a buyer says to everybody."""

    def write() -> Any:
        line = side.done.order.lines.get()
        row = review_write(line=line, stars=4, text="Ngon", name="Khách", by=side.phone)
        review_publish(row=row, by="staff")
        return row

    return side.made("review", write)


def session(side: Side) -> Any:
    """Where the owner is signed in."""
    fields = {"user": side.owner, "ip": "10.0.0.1", "user_agent": "", "session_key": f"session-{side.name}"}
    return side.made("session", lambda: UserSession.objects.create(**fields))


def passkey(side: Side) -> Any:
    """The owner's."""
    return side.made(
        "passkey", lambda: Authenticator.objects.create(user=side.owner, type="webauthn", data={"name": "Máy"})
    )


def archive(side: Side) -> Any:
    """Everything of the cooperative, ready to be fetched."""

    def build() -> Any:
        export = archive_ask(cooperative=side.cooperative, by=side.owner.phone)
        archive_build(export=export)
        return export

    return side.made("archive", build)


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
