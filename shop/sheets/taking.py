"""The rows of a sheet into the shop: batches of one transaction each, so that a worker who dies loses nothing."""

from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from shop.core.tables.errors import TableError
from shop.core.uploads import UploadRefused
from shop.listings.errors import ListingError
from shop.listings.fields import ListingFields, fields_clean, ship_weight_of
from shop.listings.models import Listing
from shop.listings.photos import photo_add, picture_store
from shop.listings.services import (
    Draft,
    listing_archive,
    listing_create,
    listing_pause,
    listing_resume,
    listing_send,
    listing_update,
    listings_create,
    price_stock_set,
)
from shop.sheets.comparing import OF_LISTING
from shop.sheets.goods import Goods, goods_of, name_key
from shop.sheets.models import SheetJob, SheetPicture, SheetRow
from shop.sheets.pictures import Pictures
from shop.sheets.services import files_delete
from shop.variants.services import VariantError, variant_add, variant_update, variants_start

Line, State = SheetRow.State, SheetJob.State
BATCH = 100
WEIGHTS = ("net_weight_g", "ship_weight_g")
STEPS = {
    Listing.State.PAUSED: listing_pause,
    Listing.State.PUBLISHED: listing_resume,
    Listing.State.ARCHIVED: listing_archive,
}


@transaction.atomic
def batch_take(pk: int) -> bool:
    """Write the next rows; False when none is left. What cannot be written any more is left out with its reason."""
    job = SheetJob.objects.select_for_update(of=("self",)).select_related("cooperative").get(pk=pk)
    if job.state != State.TAKING:
        return False
    rows = job.lines.filter(state=Line.WAITING).exclude(action=SheetRow.Action.FAULTY)
    lines = list(rows.order_by("number")[:BATCH])
    if not lines:
        return False
    new = [line for line in lines if line.listing_id is None and "size" not in line.values]
    drafts_take(job, new)
    known = {
        goods.listing.pk: goods for goods in goods_of(Listing.objects.filter(pk__in=[n.listing_id for n in lines]))
    }
    for line in lines:
        if line not in new:
            guarded(line_take, job, line, known.get(line.listing_id))
    SheetRow.objects.bulk_update(lines, ["state", "listing", "problems"])
    job.done_rows += sum(line.state != Line.PICTURES for line in lines)
    job.touched_at = timezone.now()
    job.save(update_fields=["done_rows", "touched_at"])
    return True


def guarded(write: Any, job: SheetJob, line: SheetRow, *more: Any) -> None:
    """Write one row, whole or not at all; a reason against it is kept with the row."""
    try:
        with transaction.atomic():
            write(job, line, *more)
    except (ListingError, VariantError) as error:
        refuse(line, getattr(error, "field", ""), error.code, "" if error.left is None else error.left)
    else:
        line.state = Line.PICTURES if line.values.get("photos") else Line.DONE


def refuse(line: SheetRow, column: str, code: str, text: Any = "") -> None:
    line.state = Line.REFUSED
    line.fault_add(column or "title", code, text)


# -- New goods -----------------------------------------------------------------------------------------------------


def drafts_take(job: SheetJob, lines: list[SheetRow]) -> None:
    """All new goods of the batch at once; those that somebody made meanwhile are left out."""
    there = names_of(job, lines)
    drafts = []
    for line in lines:
        if there.get(name_key(line.values["title"], line.values.get("unit_vi", ""))) not in (None, key_of(line)):
            refuse(line, "title", "exists")
            continue
        try:
            fields_clean(fields_new(line))
        except ListingError as error:
            refuse(line, error.field, error.code)
            continue
        drafts.append((line, Draft(fields=fields_new(line), key=key_of(line))))
    if not drafts:
        return
    made = listings_create(cooperative=job.cooperative, drafts=[draft for _line, draft in drafts], by=job.taken_by)
    for (line, _draft), listing in zip(drafts, made, strict=True):
        line.listing = listing
        line.state = Line.PICTURES if line.values.get("photos") else Line.DONE
        if line.state == Line.DONE:
            send_wanted(job, line)


def names_of(job: SheetJob, lines: list[SheetRow]) -> dict[str, str]:
    """Goods of these names that are there by now, each with the key that it was made under."""
    titles = [line.values["title"] for line in lines]
    rows = Listing.objects.filter(cooperative=job.cooperative_id, product__title__in=titles)
    rows = rows.exclude(state=Listing.State.ARCHIVED).values_list("product__title", "unit_vi", "create_key")
    return {name_key(title, unit): key or "other" for title, unit, key in rows}


def key_of(line: SheetRow) -> str:
    return f"sheet-{line.job_id}-{line.number}"


def fields_new(line: SheetRow) -> ListingFields:
    named = (*OF_LISTING, *WEIGHTS, "price", "stock")
    return ListingFields(**{name: line.values[name] for name in named if name in line.values})


def send_wanted(job: SheetJob, line: SheetRow) -> None:
    """To the province, if the sheet says so. What is still missing is told; the draft is kept."""
    if line.values.get("state") != Listing.State.REVIEW:
        return
    try:
        with transaction.atomic():
            listing_send(listing=line.listing, by=job.taken_by)
    except ListingError as error:
        line.fault_add("state", "kept_draft" if error.code == "incomplete" else error.code, error.field)


# -- Known goods, and sizes ----------------------------------------------------------------------------------------


def line_take(job: SheetJob, line: SheetRow, goods: Goods | None) -> None:
    """A row about known goods, or about one of the sizes of new ones."""
    if "size" in line.values:
        size_line_take(job, line)
    elif goods is None:
        raise ListingError("gone")
    else:
        words_take(job, line, goods)
    state = line.values.get("state")
    if state in STEPS:
        STEPS[state](listing=line.listing, by=job.taken_by)
    elif state and not line.values.get("photos"):
        send_wanted(job, line)


def words_take(job: SheetJob, line: SheetRow, goods: Goods, *, with_size: bool = False) -> None:
    """Words as in the editor (what shoppers know waits for the province); price and stock at once."""
    names = OF_LISTING if with_size else (*OF_LISTING, *WEIGHTS)
    words = {name: line.values[name] for name in names if name in line.values}
    numbers = {} if with_size else {name: line.values.get(name) for name in ("price", "stock")}
    seen = line.values.get("stock_seen")
    if words:
        fields = replace(goods.fields, **{"price": None, "stock": None} | numbers | words)
        listing_update(listing=goods.listing, fields=fields, by=job.taken_by, stock_seen=seen)
    elif any(value is not None for value in numbers.values()):
        price_stock_set(listing=goods.listing, **numbers, by=job.taken_by, stock_seen=seen)


def size_line_take(job: SheetJob, line: SheetRow) -> None:
    """One size: changed, added, or the first of goods that were sold without sizes so far."""
    if line.listing_id is None:
        line.listing = size_home(job, line)
    goods = next(goods_of(Listing.objects.filter(pk=line.listing_id)), None)
    if goods is None:
        raise ListingError("gone")
    words_take(job, line, goods, with_size=True)
    if not goods.sizes:
        net, ship = weights_of(line, goods.fields.net_weight_g, goods.fields.ship_weight_g)
        variants_start(
            product=goods.listing.product,
            label_vi=line.values["size"],
            net_weight_g=net,
            ship_weight_g=ship,
            by=job.taken_by,
        )
        goods = next(goods_of(Listing.objects.filter(pk=line.listing_id)))
    size = goods.size(line.values["size"])
    size_change(job, line, size) if size else size_add(job, line, goods)


def size_home(job: SheetJob, line: SheetRow) -> Listing:
    """The goods that the size belongs to: made by an earlier row of the sheet, else by this one."""
    title, unit = line.values["title"], line.values.get("unit_vi", "")
    rows = Listing.objects.filter(cooperative=job.cooperative_id, product__title=title, unit_vi=unit)
    found = rows.exclude(state=Listing.State.ARCHIVED).order_by("pk").first()
    return found or listing_create(
        cooperative=job.cooperative, fields=fields_new(line), by=job.taken_by, key=key_of(line)
    )


def weights_of(line: SheetRow, net: int | None, ship: int | None) -> tuple[int | None, int]:
    """Grams of a size: as the row says, else as they are; the carrier's are guessed from the net ones."""
    told = line.values.get("net_weight_g")
    ship = line.values.get("ship_weight_g") or (None if told else ship)
    return told or net, ship_weight_of(told or net, ship)


def size_change(job: SheetJob, line: SheetRow, size: Any) -> None:
    net, ship = weights_of(line, size.variant.net_weight_g, size.variant.ship_weight_g)
    if "ship_weight_g" not in line.values:
        ship = size.variant.ship_weight_g
    price = line.values.get("price") or size.price
    if price is None:
        raise ListingError("size_price", "price")
    stock = line.values.get("stock")
    variant_update(
        variant=size.variant,
        label_vi=size.variant.label_vi,
        label_en=size.variant.label_en,
        net_weight_g=net,
        ship_weight_g=ship,
        price=price,
        stock=size.stock or 0 if stock is None else stock,
        stock_seen=line.values.get("stock_seen", size.stock) or 0,
        by=job.taken_by,
    )


def size_add(job: SheetJob, line: SheetRow, goods: Goods) -> None:
    net, ship = weights_of(line, None, None)
    variant_add(
        parent=goods.listing.product,
        label_vi=line.values["size"],
        net_weight_g=net,
        ship_weight_g=ship,
        price=line.values["price"],
        stock=line.values.get("stock") or 0,
        by=job.taken_by,
    )


# -- Pictures, and the end -----------------------------------------------------------------------------------------


def pictures_take(pk: int) -> None:
    """Pictures take a second each: outside any transaction, row by row."""
    job = SheetJob.objects.select_related("cooperative").get(pk=pk)
    lines = job.lines.filter(state=Line.PICTURES).select_related("listing__product", "listing__cooperative")
    if job.state != State.TAKING or not lines:
        return
    with job.pictures.open("rb") as archive:
        pictures = Pictures(archive)
        for line in lines.order_by("number"):
            for name in line.values["photos"]:
                picture_take(job, line, pictures, name)
            line_done(job, line)


def picture_take(job: SheetJob, line: SheetRow, pictures: Pictures, name: str) -> None:
    """One picture, unless it came before; a bad one costs the goods nothing."""
    try:
        digest = pictures.digest(name)
        if line.listing is None or SheetPicture.objects.filter(listing=line.listing, digest=digest).exists():
            return
        stored = picture_store(line.listing, pictures.file(name))
        with transaction.atomic():
            photo_add(listing=line.listing, name=stored, by=job.taken_by)
            SheetPicture.objects.get_or_create(listing=line.listing, digest=digest)
    except (UploadRefused, TableError):
        line.fault_add("photos", "photo_broken", name)
    except ListingError as error:
        line.fault_add("photos", error.code, name)


@transaction.atomic
def line_done(job: SheetJob, line: SheetRow) -> None:
    locked = SheetJob.objects.select_for_update().get(pk=job.pk)
    if not SheetRow.objects.filter(pk=line.pk, state=Line.PICTURES).exists():
        return
    if line.listing:
        send_wanted(job, line)
    line.state = Line.DONE
    line.save(update_fields=["state", "problems"])
    locked.done_rows += 1
    locked.touched_at = timezone.now()
    locked.save(update_fields=["done_rows", "touched_at"])


@transaction.atomic
def job_finish(pk: int) -> None:
    """Everything is in; the files go."""
    job = SheetJob.objects.select_for_update().get(pk=pk)
    open_lines = job.lines.filter(state__in=(Line.WAITING, Line.PICTURES)).exclude(action=SheetRow.Action.FAULTY)
    if job.state != State.TAKING or open_lines.exists():
        return
    job.state, job.finished_at, job.touched_at = State.DONE, timezone.now(), timezone.now()
    job.save()
    transaction.on_commit(lambda: files_delete(job))
