"""Price labels and the poster."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils.translation import override

from shop.certifications.models import Certification
from shop.core.dates import today
from shop.listings.models import Listing
from shop.paper.poster import poster
from shop.paper.prices import MAX_LABELS, labels_of, price_labels
from shop.paper.rendering import PaperError
from shop.payment.vietqr import emv
from tests.factories.market import listing_make
from tests.factories.sizes import sizes_make
from tests.integration.paper.reading import codes, picture, sizes, texts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def vietnamese():
    with override("vi"):
        yield


def label_for(listing):
    (label,) = labels_of(Listing.objects.for_cards().get(pk=listing.pk))
    return label


@pytest.mark.parametrize("size", ["24", "40", "65"])
def test_a_sheet_of_price_labels(cooperative, size):
    listing = listing_make(cooperative, title="Xoài cát Hòa Lộc", price=90_000, net_weight_g=500)
    content = price_labels([(label_for(listing), 3)], size=size, first=2)
    (page,) = texts(content)
    assert page.count("Xoài cát Hòa Lộc") == 3
    assert page.count("90.000 ₫") == 3
    assert page.count("180.000 ₫") == 3  # a kilogram
    assert page.count(cooperative.name) == 3
    url = f"{settings.SITE_URL}/san-pham/{listing.product.slug}-{listing.product_id}/"
    assert codes(content) == [url] * 3
    assert sizes(content) == [(210, 297)]


def test_stars_only_while_the_certificate_holds(cooperative):
    listing = listing_make(cooperative)
    row = Certification.objects.create(
        listing=listing, stars=4, decision_no="1", issuer="UBND", decision_date=today(), status="verified"
    )
    assert "OCOP 4 sao" in texts(price_labels([(label_for(listing), 1)], size="24"))[0]
    row.decision_date = today() - timedelta(days=4 * 365)
    row.save()
    assert "OCOP" not in texts(price_labels([(label_for(listing), 1)], size="24"))[0]


def test_each_size_has_a_label_of_its_own(cooperative):
    listing = listing_make(cooperative, title="Mắm", price=40_000)
    small, big = sizes_make(listing, "hũ 500 g", ("hũ 1 kg", 1_000, 75_000, 5))
    labels = labels_of(Listing.objects.for_cards().get(pk=listing.pk))
    assert [(label.unit, label.price, label.kilo_price) for label in labels] == [
        ("hũ 500 g", 40_000, 80_000),
        ("hũ 1 kg", 75_000, None),
    ]
    content = price_labels([(label, 1) for label in labels], size="24")
    assert sorted(code.partition("?")[2] for code in codes(content)) == sorted(
        f"quy-cach={row.product_id}" for row in (small, big)
    )


@pytest.mark.parametrize("size", ["24", "40", "65"])
def test_endless_names_stay_on_their_label(cooperative, size):
    listing = listing_make(cooperative, title="W" * 250, unit_vi="ŨỄ" * 30, price=999_999_999)
    label = label_for(listing)
    listing.product.title = label.listing.product.title = "Ngữ ỄỆ " * 1_500 + "\u202e\u200f"
    content = price_labels([(label, 2)], size=size)
    image = picture(content)
    grid = {"24": (70, 37, 0, 0.5), "40": (52.5, 29.7, 0, 0), "65": (38.1, 21.2, 4.75, 10.7)}[size]
    dots = image.width / 210
    width, height, left, top = grid
    below = int((top + height + 0.2) * dots)
    assert image.crop((0, below, image.width, image.height)).getextrema()[0] == 255
    between = int((left + width + (0.1 if size != "65" else -0.2)) * dots)
    assert image.crop((between, 0, between + int(0.9 * dots), image.height)).getextrema()[0] == 255
    assert len(codes(content)) == 2


def test_too_many_and_none(cooperative):
    label = label_for(listing_make(cooperative))
    for copies, code in ((MAX_LABELS + 1, "too_many"), (10**9, "too_many"), (0, "none")):
        with pytest.raises(PaperError) as error:
            price_labels([(label, copies)], size="65")
        assert error.value.code == code


@pytest.mark.parametrize(("size", "paper"), [("a4", (210, 297)), ("a5", (148, 210))])
def test_the_poster_pays_into_the_account_in_use(cooperative, size, paper):
    account = cooperative.bank_accounts.get()
    content = poster(cooperative, size)
    (page,) = texts(content)
    found = sorted(codes(content))
    assert found[1] == f"{settings.SITE_URL}/hop-tac-xa/{cooperative.slug}/"
    assert found[0] == emv.encode(bin=account.bin, account=account.number)
    assert emv.decode(found[0]).amount is None
    assert account.holder in page
    assert account.number in page.replace(" ", "")
    assert sizes(content) == [paper]


def test_no_account_no_poster(cooperative):
    cooperative.bank_accounts.all().delete()
    with pytest.raises(PaperError) as error:
        poster(cooperative, "a4")
    assert error.value.code == "no_account"
