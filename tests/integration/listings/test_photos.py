"""Pictures of a product: what is taken, what is not, in which order, and what waits for the province."""

import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from oscar.core.loading import get_model
from PIL import Image

from shop.core.uploads import UploadRefused
from shop.listings import photos, uploads
from shop.listings.duties import archive_clear, uploads_expire
from shop.listings.errors import ListingError
from shop.listings.models import Listing, ListingChange, PhotoPart, PhotoUpload
from shop.listings.services import change_accept
from tests.factories.market import basket_of, listing_make, place
from tests.integration.listings.pictures import GIF, SVG, picture

pytestmark = pytest.mark.django_db
ProductImage = get_model("catalogue", "ProductImage")


@pytest.fixture
def draft():
    return listing_make(state="draft", published_at=None)


def stored(name):
    with default_storage.open(name) as file:
        image = Image.open(file)
        image.load()
        return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"])
def test_kinds_of_phones_are_written_anew(draft, kind):
    name = photos.picture_store(draft, io.BytesIO(picture(kind)))
    assert (stored(name).format, stored(name).size) == ("JPEG", (640, 480))
    assert default_storage.exists(f"renditions/{name[:-4]}-400.webp")


def test_turned_pictures_stand_upright_and_the_place_is_gone(draft):
    image = stored(photos.picture_store(draft, io.BytesIO(picture(turn=6, place=True))))
    assert image.size == (480, 640)
    red, blue = image.getpixel((240, 100)), image.getpixel((240, 540))
    assert red[0] > 200 > 60 > red[2] and blue[2] > 200
    assert not image.getexif() and "exif" not in image.info


def test_48_million_pixels_are_taken_51_are_not(draft):
    name = photos.picture_store(draft, io.BytesIO(picture(size=(8_000, 6_000))))
    assert stored(name).size == (2_000, 1_500)
    with pytest.raises(UploadRefused, match="too_many_pixels"):
        photos.picture_store(draft, io.BytesIO(picture(size=(8_200, 6_200))))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (SVG, "svg"),
        (GIF, "not_image"),
        (picture() + SVG, "polyglot"),
        (picture()[:3_000], "damaged"),
        (b"", "empty"),
        (b"hello", "not_image"),
    ],
)
def test_what_is_no_picture_is_not_taken(draft, content, code):
    with pytest.raises(UploadRefused) as caught:
        photos.picture_store(draft, io.BytesIO(content))
    assert caught.value.code == code


def test_more_than_50_megabytes_are_not_read(draft):
    class Huge(io.BytesIO):
        size = photos.MAX_BYTES + 1

    with pytest.raises(UploadRefused, match="too_big"):
        photos.picture_store(draft, Huge(b"x"))


def names_of(listing):
    return [row.original.name for row in photos.photos_of(listing)]


def test_order_and_delete(draft):
    for name in ("a.jpg", "b.jpg", "c.jpg", "c.jpg"):
        photos.photo_add(listing=draft, name=name, by="Lành")
    first, second, third = photos.photos_of(draft)
    photos.photo_first(listing=draft, photo_id=third.pk, by="Lành")
    assert names_of(draft) == ["c.jpg", "a.jpg", "b.jpg"]
    photos.photo_up(listing=draft, photo_id=second.pk, by="Lành")
    assert names_of(draft) == ["c.jpg", "b.jpg", "a.jpg"]
    photos.photo_delete(listing=draft, photo_id=third.pk, by="Lành")
    assert names_of(draft) == ["b.jpg", "a.jpg"]
    with pytest.raises(ListingError, match="photo_gone"):
        photos.photo_delete(listing=draft, photo_id=third.pk, by="Lành")


def test_ten_are_enough(draft):
    for n in range(10):
        photos.photo_add(listing=draft, name=f"{n}.jpg", by="Lành")
    with pytest.raises(ListingError, match="photos"):
        photos.photo_add(listing=draft, name="11.jpg", by="Lành")
    assert len(names_of(draft)) == 10


def test_a_new_picture_of_something_on_sale_waits():
    listing = listing_make()
    ProductImage.objects.create(product=listing.product, original="old.jpg", display_order=0)
    for name in ("new.jpg", "newer.jpg"):
        photos.photo_add(listing=listing, name=name, by="Lành")
    assert names_of(listing) == ["old.jpg"]
    assert ListingChange.objects.get().photos == ["new.jpg", "newer.jpg"]
    photos.photo_withdraw(listing=listing, name="newer.jpg", by="Lành")
    change_accept(change=ListingChange.objects.get(), by="canbo")
    assert names_of(listing) == ["old.jpg", "new.jpg"]
    photos.photo_delete(listing=listing, photo_id=photos.photos_of(listing)[0].pk, by="Lành")
    with pytest.raises(ListingError, match="last_photo"):
        photos.photo_delete(listing=listing, photo_id=photos.photos_of(listing)[0].pk, by="Lành")


# -- In parts -------------------------------------------------------------------------------------------------------


def test_parts_go_on_where_the_line_broke(draft):
    content = picture(size=(900, 700))
    upload = uploads.upload_start(listing=draft, size=len(content), by="Lành")
    upload = uploads.upload_put(upload=upload, offset=0, content=content[:1_000])
    uploads.upload_put(upload=upload, offset=0, content=content[:1_000])  # the answer was lost, the part was not
    with pytest.raises(ListingError) as caught:
        uploads.upload_put(upload=upload, offset=2_000, content=content[2_000:])
    assert (caught.value.code, caught.value.left) == ("offset", 1_000)
    with pytest.raises(ListingError, match="offset"):
        uploads.upload_finish(upload=upload, by="Lành")
    upload = uploads.upload_put(upload=upload, offset=1_000, content=content[1_000:])
    for _press in range(2):
        uploads.upload_finish(upload=upload, by="Lành")
        upload.refresh_from_db()
    assert len(names_of(draft)) == 1
    assert not PhotoPart.objects.exists()


def test_more_than_announced_is_not_kept(draft):
    upload = uploads.upload_start(listing=draft, size=10, by="Lành")
    with pytest.raises(ListingError, match="too_big"):
        uploads.upload_put(upload=upload, offset=0, content=b"x" * 11)
    assert PhotoUpload.objects.get().received == 0


def test_a_cooperative_has_so_much_on_its_way_and_no_more(draft):
    for _n in range(3):
        uploads.upload_start(listing=draft, size=photos.MAX_BYTES, by="Lành")
    with pytest.raises(ListingError, match="quota"):
        uploads.upload_start(listing=draft, size=1, by="Lành")
    with pytest.raises(ListingError, match="too_big"):
        uploads.upload_start(listing=listing_make(), size=photos.MAX_BYTES + 1, by="Lành")


def test_no_picture_leaves_nothing_behind(draft):
    upload = uploads.upload_start(listing=draft, size=len(SVG), by="Lành")
    upload = uploads.upload_put(upload=upload, offset=0, content=SVG)
    with pytest.raises(UploadRefused):
        uploads.upload_finish(upload=upload, by="Lành")
    assert not PhotoUpload.objects.exists() and not PhotoPart.objects.exists() and names_of(draft) == []


def test_what_did_not_arrive_in_a_day_is_dropped(draft):
    old, new = (uploads.upload_start(listing=draft, size=9, by="Lành") for _n in range(2))
    uploads.upload_put(upload=old, offset=0, content=b"x")
    PhotoUpload.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(hours=25))
    assert (uploads_expire(), uploads_expire()) == (1, 0)
    assert PhotoUpload.objects.get() == new and not PhotoPart.objects.exists()


def test_the_archive_is_cleared_after_a_year_of_what_nobody_ordered():
    long_ago = timezone.now() - timedelta(days=366)
    never, ordered, fresh = listing_make(), listing_make(), listing_make(state="archived", archived_at=timezone.now())
    place(basket_of(ordered))
    Listing.objects.filter(pk__in=[never.pk, ordered.pk]).update(state="archived", archived_at=long_ago)
    assert (archive_clear(), archive_clear()) == (1, 0)
    assert set(Listing.objects.all()) == {ordered, fresh}
