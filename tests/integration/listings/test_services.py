"""What a cooperative does to its goods."""

import pytest
from oscar.core.loading import get_model

from shop.audit.models import AuditEntry
from shop.cooperatives.models import Cooperative
from shop.listings import services as listings
from shop.listings.fields import ListingFields
from shop.listings.models import ALL_YEAR, Listing, ListingChange
from shop.listings.reading import missing_of
from shop.messaging.models import Message
from shop.partner.models import OutOfStock
from tests.factories.market import cooperative_make, listing_make

pytestmark = pytest.mark.django_db
Product, StockRecord = get_model("catalogue", "Product"), get_model("partner", "StockRecord")
ProductImage = get_model("catalogue", "ProductImage")

MANGO = ListingFields(
    title="Xoài cát Hòa Lộc, hộp 3 kg", unit_vi="hộp 3 kg", net_weight_g=3_000, price=240_000, stock=12
)


def code_of(call):
    with pytest.raises(listings.ListingError) as caught:
        call()
    return caught.value


def stock_of(listing):
    return StockRecord.objects.get(product=listing.product)


def ready(cooperative=None, **extra):
    """A draft with all that the province asks for."""
    listing = listings.listing_create(
        cooperative=cooperative or cooperative_make(), fields=ListingFields(**{**MANGO.__dict__, **extra}), by="Lành"
    )
    ProductImage.objects.create(product=listing.product, original="images/products/x.webp", display_order=0)
    return listing


def changed(listing, **values):
    said = listings.fields_of(Listing.objects.get(pk=listing.pk))
    return ListingFields(**{**said.__dict__, **values})


def test_a_draft_brings_product_stock_category_and_search():
    cooperative = cooperative_make("HTX Xoài Cái Bè")
    listing = listings.listing_create(cooperative=cooperative, fields=MANGO, by="Lành")
    product, record = listing.product, stock_of(listing)
    assert (listing.state, listing.ocop_set, listing.ward_code) == ("draft", 1, cooperative.ward_code)
    assert (product.slug, product.structure, product.is_public) == ("xoai-cat-hoa-loc-hop-3-kg", "standalone", False)
    assert (record.partner_id, record.price, record.num_in_stock) == (cooperative.partner_id, 240_000, 12)
    assert (record.price_currency, listing.ship_weight_g, listing.season) == ("VND", 3_300, ALL_YEAR)
    assert [category.code for category in product.categories.all()] == ["set-1"]
    assert " xoai cat hoa loc" in listing.search_text
    assert not Listing.objects.published().exists()


def test_one_key_makes_one_listing():
    cooperative = cooperative_make()
    first = listings.listing_create(cooperative=cooperative, fields=MANGO, by="Lành", key="k1")
    again = listings.listing_create(cooperative=cooperative, fields=MANGO, by="Lành", key="k1")
    other = listings.listing_create(cooperative=cooperative_make(), fields=MANGO, by="Lành", key="k1")
    assert first == again != other
    assert (Listing.objects.count(), Product.objects.count()) == (2, 2)


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"title": " \u200b "}, "required", "title"),
        ({"title": "x" * 121}, "too_long", "title"),
        ({"price": 0}, "price", "price"),
        ({"price": 10**12}, "price", "price"),
        ({"stock": -1}, "stock", "stock"),
        ({"season": 0}, "season", "season"),
        ({"ocop_set": 27}, "set", "ocop_set"),
        ({"ward_code": "99999"}, "ward", "ward_code"),
        ({"net_weight_g": 10**9}, "weight", "net_weight_g"),
    ],
)
def test_values_that_cannot_be_kept_write_nothing(values, code, field):
    fields = ListingFields(**{**MANGO.__dict__, **values})
    cooperative = cooperative_make()
    error = code_of(lambda: listings.listing_create(cooperative=cooperative, fields=fields, by="Lành"))
    assert (error.code, error.field) == (code, field)
    assert not Listing.objects.exists() and not Product.objects.exists()


def test_hidden_characters_are_dropped():
    fields = ListingFields(
        title="Mật\u202e ong\u0000\n rừng  tràm", summary_vi="Một\r\nhai\u2066", unit_vi="chai\t1 lít"
    )
    listing = listings.listing_create(cooperative=cooperative_make(), fields=fields, by="Lành")
    assert (listing.product.title, listing.summary_vi, listing.unit_vi, listing.ocop_set) == (
        "Mật ong rừng tràm",
        "Một\nhai",
        "chai 1 lít",
        4,
    )


def test_stock_is_what_can_still_be_ordered():
    listing = listing_make(stock=10)
    stock_of(listing).allocate(4)
    listings.price_stock_set(listing=listing, stock=3, by="Lành")
    record = stock_of(listing)
    assert (record.num_in_stock, record.num_allocated, record.net_stock_level) == (7, 4, 3)
    listings.price_stock_set(listing=listing, stock=0, by="Lành")
    with pytest.raises(OutOfStock):
        stock_of(listing).allocate(1)
    assert stock_of(listing).num_in_stock == 4


def test_an_order_between_looking_and_typing_is_not_lost():
    listing = listing_make(stock=10)
    stock_of(listing).allocate(2)
    error = code_of(lambda: listings.price_stock_set(listing=listing, stock=15, stock_seen=10, price=5, by="Lành"))
    assert (error.code, error.left) == ("stock_moved", 8)
    record = stock_of(listing)
    assert (record.num_in_stock, record.num_allocated, record.price) == (10, 2, 100_000)
    for _press in range(2):  # the second press finds what the first one wrote
        listings.price_stock_set(listing=listing, stock=9, stock_seen=8, by="Lành")
    assert stock_of(listing).num_in_stock == 11


def test_a_changed_price_is_told_once_shoppers_know_the_old_one():
    draft, live = ready(), listing_make(price=100_000)
    listings.price_stock_set(listing=draft, price=1_000, by="Lành")
    for _press in range(2):
        listings.price_stock_set(listing=live, price=120_000, by="Lành")
    entry = AuditEntry.objects.get(action="listing.price")
    assert (entry.subject, entry.before, entry.after) == (f"listing:{live.pk}", '{"price":100000}', '{"price":120000}')


def test_season_set():
    listing = listing_make()
    listings.season_set(listing=listing, season=0b11, by="Lành")
    assert Listing.objects.get().season == 0b11
    assert code_of(lambda: listings.season_set(listing=listing, season=0, by="Lành")).code == "season"


def test_sending_names_what_is_missing():
    listing = listings.listing_create(cooperative=cooperative_make(), fields=ListingFields(title="Quà quê"), by="Lành")
    error = code_of(lambda: listings.listing_send(listing=listing, by="Lành"))
    assert error.missing == ("photos", "price", "unit_vi", "net_weight_g", "stock", "ocop_set")
    assert Listing.objects.get().state == "draft"
    whole = ready()
    assert missing_of(whole) == ()
    for _press in range(2):
        listings.listing_send(listing=whole, by="Lành")
    assert Listing.objects.get(pk=whole.pk).state == "review"
    assert AuditEntry.objects.filter(action="listing.sent").count() == 1


def test_from_draft_to_shelf_to_archive_and_back():
    listing = ready()
    listings.listing_send(listing=listing, by="Lành")
    for _press in range(2):
        listings.listing_publish(listing=listing, by="canbo", revision=1)
    listing.refresh_from_db()
    assert (listing.state, listing.product.is_public) == ("published", True)
    assert listing.published_at and Listing.objects.published().get() == listing
    assert Message.objects.get(kind="listing_reviewed").to == listing.cooperative.phone
    listings.listing_pause(listing=listing, by="Lành")
    assert not Product.objects.get().is_public
    assert code_of(lambda: listings.listing_send(listing=listing, by="Lành")).code == "state"
    listings.listing_resume(listing=listing, by="Lành")
    listings.listing_archive(listing=listing, by="Lành")
    assert Listing.objects.get().archived_at
    assert code_of(lambda: listings.listing_update(listing=listing, fields=MANGO, by="Lành")).code == "archived"
    listings.listing_restore(listing=listing, by="Lành")
    assert (Listing.objects.get().state, Listing.objects.get().archived_at) == ("paused", None)
    actions = list(AuditEntry.objects.order_by("position").values_list("action", flat=True))
    assert actions == [f"listing.{step}" for step in ("sent", "published", "paused", "resumed", "archived", "restored")]


def test_nobody_publishes_what_they_have_not_read():
    listing = ready()
    listings.listing_send(listing=listing, by="Lành")
    listings.listing_update(listing=listing, fields=changed(listing, summary_vi="Chữa bệnh"), by="Lành")
    assert code_of(lambda: listings.listing_publish(listing=listing, by="canbo", revision=1)).code == "revision"
    assert Listing.objects.get().state == "review"
    assert not Message.objects.exists()


def test_a_closed_cooperative_publishes_nothing():
    listing = ready()
    Cooperative.objects.update(is_published=False)
    listings.listing_send(listing=listing, by="Lành")
    assert code_of(lambda: listings.listing_publish(listing=listing, by="canbo")).code == "closed"
    assert Listing.objects.get().state == "review"


def test_refused_is_mended_and_sent_again():
    listing = ready()
    listings.listing_send(listing=listing, by="Lành")
    assert code_of(lambda: listings.listing_refuse(listing=listing, reason=" ", by="canbo")).code == "reason"
    for _press in range(2):
        listings.listing_refuse(listing=listing, reason="Hình mờ quá", by="canbo")
    listing.refresh_from_db()
    assert (listing.state, listing.refusal) == ("refused", "Hình mờ quá")
    assert Message.objects.count() == 1 and "Hình mờ quá." in Message.objects.get().body
    listings.listing_send(listing=listing, by="Lành")
    assert (Listing.objects.get().state, Listing.objects.get().refusal) == ("review", "")


def test_taken_down_needs_another_review():
    listing = listing_make()
    listings.listing_take_down(listing=listing, reason="Có phản ánh", by="canbo")
    assert code_of(lambda: listings.listing_resume(listing=listing, by="Lành")).code == "state"
    assert not Listing.objects.published().exists()
    listings.listing_archive(listing=listing, by="Lành")
    assert listings.listing_restore(listing=listing, by="Lành").state == "draft"


def test_words_of_a_live_listing_wait_price_and_season_do_not():
    listing = listing_make(title="Vú sữa", price=100_000, summary_vi="Ngọt")
    wanted = changed(listing, title="Vú sữa Lò Rèn", summary_vi="Ngọt lịm", price=120_000, season=0b1, stock=4)
    for _press in range(2):
        listings.listing_update(listing=listing, fields=wanted, by="Lành")
    live = Listing.objects.get()
    assert (live.product.title, live.summary_vi, live.season, live.state) == ("Vú sữa", "Ngọt", 1, "published")
    assert (stock_of(live).price, stock_of(live).net_stock_level) == (120_000, 4)
    change = ListingChange.objects.get()
    assert change.values == {"title": "Vú sữa Lò Rèn", "summary_vi": "Ngọt lịm"}
    assert (change.before, change.state, change.revision) == ({"title": "Vú sữa", "summary_vi": "Ngọt"}, "pending", 1)
    for _press in range(2):
        listings.change_accept(change=change, by="canbo", revision=1)
    live = Listing.objects.get()
    assert (live.product.title, live.summary_vi, live.revision) == ("Vú sữa Lò Rèn", "Ngọt lịm", 2)
    assert " lo ren" in live.search_text
    entry = AuditEntry.objects.get(action="listing.change_accepted")
    assert (entry.by, '"Vú sữa"' in entry.before, '"Vú sữa Lò Rèn"' in entry.after) == ("canbo", True, True)
    assert Message.objects.count() == 1


def test_the_product_set_cannot_be_changed_behind_the_age_gate():
    listing = listing_make(ocop_set=14)
    listings.listing_update(listing=listing, fields=changed(listing, ocop_set=17), by="Lành")
    assert Listing.objects.get().ocop_set == 14
    assert ListingChange.objects.get().values == {"ocop_set": 17}


def test_a_change_that_moved_on_or_was_taken_back_is_not_accepted():
    listing = listing_make(title="Bưởi")
    listings.listing_update(listing=listing, fields=changed(listing, title="Bưởi da xanh"), by="Lành")
    change = ListingChange.objects.get()
    listings.listing_update(listing=listing, fields=changed(listing, title="Bưởi trị ho"), by="Lành")
    assert code_of(lambda: listings.change_accept(change=change, by="canbo", revision=1)).code == "revision"
    listings.listing_update(listing=listing, fields=changed(listing, title="Bưởi"), by="Lành")
    assert code_of(lambda: listings.change_accept(change=change, by="canbo", revision=2)).code == "state"
    assert (Product.objects.get().title, ListingChange.objects.get().state) == ("Bưởi", "withdrawn")


def test_a_refused_change_leaves_the_live_words():
    listing = listing_make(title="Bưởi")
    listings.listing_update(listing=listing, fields=changed(listing, title="Bưởi trị ho"), by="Lành")
    change = ListingChange.objects.get()
    for _press in range(2):
        listings.change_refuse(change=change, reason="Không nói chữa bệnh", by="canbo", revision=1)
    change.refresh_from_db()
    assert (change.state, change.reason, Product.objects.get().title) == ("refused", "Không nói chữa bệnh", "Bưởi")
    assert Message.objects.count() == 1


def test_a_copy_is_a_draft_with_words_and_pictures_and_no_stock():
    listing = ready()
    for _press in range(2):
        copied = listings.listing_copy(listing=listing, by="Lành", key="c1")
    assert Listing.objects.count() == 2
    assert (copied.state, copied.product.title) == ("draft", listing.product.title)
    assert (stock_of(copied).price, stock_of(copied).num_in_stock) == (240_000, None)
    assert [row.original.name for row in copied.product.images.all()] == ["images/products/x.webp"]
