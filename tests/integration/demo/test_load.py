"""The sample shop: what it holds, and that loading it again harms nothing."""

from collections import Counter

from django.apps import apps
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from oscar.core.loading import get_model

from shop.catalogue.images import WIDTHS, rendition_name
from shop.certifications.models import LegalBasis
from shop.cooperatives.models import Cooperative
from shop.core import ocop, phone, places
from shop.demo.load import demo_load
from shop.demo.load_cooperatives import account_holder
from shop.demo.source import cooperatives, draw, goods
from shop.listings.models import Listing
from shop.payment.vietqr import emv
from shop.payment.vietqr.models import BankAccount

Category = get_model("catalogue", "Category")
Country = get_model("address", "Country")
Product = get_model("catalogue", "Product")
ProductImage = get_model("catalogue", "ProductImage")
StockRecord = get_model("partner", "StockRecord")


def everything():
    """All rows of all tables, so that any change shows."""
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    return {model._meta.label: sorted(map(repr, plain_rows(model))) for model in models}


def plain_rows(model):
    """A table's rows as the database keeps them: rich values, such as a page's blocks, as their text."""
    fields = model._meta.concrete_fields
    for row in model._base_manager.values_list(*(field.attname for field in fields)):
        yield tuple(field.get_prep_value(value) for field, value in zip(fields, row, strict=True))


def test_counts(demo):
    assert Cooperative.objects.published().count() == 112
    assert Listing.objects.published().count() == Product.objects.exclude(structure=Product.CHILD).count() == 129
    assert StockRecord.objects.count() == 129 + 10
    assert Category.get_root_nodes().count() == 6
    assert Category.objects.filter(depth=2).count() == 26
    assert list(Country.objects.filter(is_shipping_country=True).values_list("pk", flat=True)) == ["VN"]
    assert LegalBasis.objects.count() == 3


def test_all_producers_are_marked_as_samples(demo):
    assert all("(mẫu)" in row.name and "(mẫu)" in row.legal_name and row.is_sample for row in Cooperative.objects.all())


def test_every_reference_resolves(demo):
    for row in Cooperative.objects.all():
        assert row.commune.province_code == "82", row.name
        assert phone.is_valid(row.phone)
    for listing in Listing.objects.select_related("product", "cooperative__partner"):
        assert listing.commune.province_code == "82", listing.title
        assert listing.product_set.number == listing.ocop_set
        for sold in listing.product.sizes or [listing.product]:
            assert sold.stockrecords.get().partner == listing.cooperative.partner
        assert listing.product.categories.get().code == f"set-{listing.ocop_set}"
        assert listing.ship_weight_g >= (listing.net_weight_g or 0)


def test_phones_are_not_shared(demo):
    assert max(Counter(Cooperative.objects.values_list("phone", flat=True)).values()) == 1


def test_every_listing_is_complete_in_both_languages(demo):
    words = ("title_en", "summary_vi", "summary_en", "unit_vi", "unit_en")
    for listing in Listing.objects.all():
        assert all(getattr(listing, name) for name in words), listing.title


def test_season_is_read_from_the_months(demo):
    star_apple = Listing.objects.get(product__slug="vu-sua-lo-ren-vinh-kim")
    assert [month.number for month in star_apple.months if month.on] == [1, 2, 3, 11, 12]
    assert Listing.objects.get(product__slug="nem-lai-vung").all_year


def test_categories_have_the_names_and_addresses_of_the_programme(demo):
    for sector in ocop.SECTORS:
        root = Category.objects.get(slug=sector.slug)
        assert root.name == sector.name_vi
        assert {child.name for child in root.get_children()} == {row.name_vi for row in sector.sets}
    assert Category.objects.values("slug").distinct().count() == 32


def test_every_account_makes_a_code_that_nobody_takes_for_real(demo):
    memo = "OCOP7K3M9QZ"
    accounts = BankAccount.objects.select_related("cooperative")
    assert len(accounts) == len({row.number for row in accounts}) == 112
    assert len({row.bin for row in accounts}) >= 5
    for row in accounts:
        payload = emv.decode(emv.encode(bin=row.bin, account=row.number, amount=195000, memo=memo))
        assert (payload.bin, payload.account, payload.amount, payload.memo) == (row.bin, row.number, 195000, memo)
        assert places.bank(row.bin)
        assert row.number.startswith("0000999")
        assert row.holder.endswith(" MAU") and row.holder.isascii() and row.holder == row.holder.upper()


def test_account_holder_keeps_its_mark_when_the_name_is_long():
    holder = account_holder(f"HTX {'Rất Dài ' * 12}(mẫu)")
    assert len(holder) <= 50
    assert holder.endswith(" MAU")


def test_pictures_are_stored_with_their_renditions_and_said_to_be_drawn(demo):
    images = ProductImage.objects.all()
    assert len(images) == 129
    for image in images:
        assert image.caption.endswith("(ảnh minh họa)")
        assert default_storage.exists(image.original.name)
        assert all(default_storage.exists(rendition_name(image.original.name, width)) for width in WIDTHS)
    assert all(Listing.objects.values_list("picture_is_render", flat=True))


def test_a_second_run_changes_no_row(demo):
    call_command("load_demo")  # the pages, once
    before = everything()
    call_command("load_demo")
    assert everything() == before


def test_a_second_run_asks_little(demo):
    with CaptureQueriesContext(connection) as queries:
        demo_load()
    assert len(queries) <= 25


def test_what_a_user_changed_or_deleted_stays(demo):
    StockRecord.objects.filter(partner_sku="MAU-001").update(price=1000)
    Listing.objects.filter(product__code="MAU-002").update(state=Listing.State.PAUSED)
    Cooperative.objects.filter(slug="vu-sua-vinh-kim").update(slug="vinh-kim", phone="+84912345678")
    ProductImage.objects.filter(product__code="MAU-001").delete()
    Product.objects.get(code="MAU-001").listing.cooperative.delivery_services.filter(code="mien-nam").delete()
    before = everything()
    done = demo_load()
    assert (done.cooperatives, done.products) == (0, 0)
    assert everything() == before


def test_a_deleted_product_comes_back_whole(demo):
    Product.objects.get(code="MAU-001").delete()
    assert demo_load().products == 1
    listing = Listing.objects.get(product__code="MAU-001")
    assert listing.product.images.count() == listing.product.stockrecords.count() == listing.certifications.count() == 1


def test_lost_picture_files_are_written_again(demo):
    name = ProductImage.objects.get(product__code="MAU-001").original.name
    default_storage.delete(name)
    default_storage.delete(rendition_name(name, 400))
    assert demo_load().pictures == 1
    assert default_storage.exists(rendition_name(name, 400))


def test_source_files_fit_together():
    names = {row["name"] for row in cooperatives()}
    assert {item.cooperative for item in goods()} == names
    assert len({item.code for item in goods()}) == len({item.slug for item in goods()}) == 129


def test_draw_is_the_same_for_ever_and_stays_between_its_ends():
    assert draw("a", 1, 6) == draw("a", 1, 6)
    assert {draw(str(number), 1, 6) for number in range(200)} == {1, 2, 3, 4, 5, 6}


def test_some_goods_come_in_sizes(demo):
    rice = Product.objects.get(title="Gạo VD20 Gò Công")
    assert [(one.size.label_vi, one.card_price) for one in rice.sizes] == [
        ("túi 2 kg", 59_000),
        ("túi 5 kg", 139_000),
        ("bao 10 kg", 268_000),
    ]
    assert Product.objects.filter(structure=Product.PARENT).count() == 5
