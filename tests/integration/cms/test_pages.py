"""Every kind of page in both languages, at its public address."""

import pytest
from django.core.exceptions import ValidationError
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from cms.models import StandardPage, StoryIndexPage
from shop.core.dates import today
from shop.listings.models import ALL_YEAR, month_bit
from tests.factories import listing_make
from tests.integration.cms.conftest import hero, home_with, page_make, season, story_make


def content(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_home_in_both_languages(client, trees):
    home_with(trees["vi"], hero(title="Ngon từ vườn"))
    home_with(trees["en"], hero(title="Good things"))
    assert '<h1 id="hero">Ngon từ vườn</h1>' in content(client.get("/"))
    english = content(client.get("/en/"))
    assert '<h1 id="hero">Good things</h1>' in english and '<html lang="en">' in english


def test_home_without_sections_has_a_heading(client, trees):
    assert '<h1 class="hide">' in content(client.get("/"))


def test_home_links_to_its_twin(client, trees):
    page = content(client.get("/"))
    assert 'hreflang="en" href="http://testserver/en/"' in page
    assert 'class="top__link" href="/en/"' in page


def test_story_in_both_languages(client, trees):
    story = story_make(trees)
    story_make(trees, language="en", twin=story, title="Picking lotus")
    vietnamese, english = content(client.get("/cau-chuyen/hai-sen/")), content(client.get("/en/cau-chuyen/hai-sen/"))
    assert "Người hái sen" in vietnamese and 'href="/en/cau-chuyen/hai-sen/"' in vietnamese
    assert "Picking lotus" in english and 'href="/cau-chuyen/hai-sen/"' in english


def test_story_picture_comes_first_and_in_two_sizes(client, trees):
    story_make(trees)
    page = content(client.get("/cau-chuyen/hai-sen/"))
    assert "/static/img/scenes/lotus-thap-muoi-800.webp" in page
    assert 'width="1600" height="900" alt="" fetchpriority="high"' in page


@pytest.fixture
def photograph(trees):
    return get_image_model().objects.create(title="Đồng sen", file=get_test_image_file(size=(1600, 1000)))


def test_photograph_wins_over_the_scene(client, trees, photograph):
    story_make(trees, picture=photograph, alt="Xuồng giữa đồng")
    page = content(client.get("/cau-chuyen/hai-sen/"))
    assert "fill-800x450.format-webp.webp" in page and 'alt="Xuồng giữa đồng"' in page
    assert "scenes/lotus-thap-muoi" not in page


def test_home_with_photographs_keeps_its_budget(client, trees, photograph, django_assert_max_num_queries):
    for number in range(4):
        story_make(trees, slug=f"chuyen-{number}", picture=photograph)
    home_with(trees["vi"], hero(picture=photograph), season(), ("stories", {"title": "", "stories": []}))
    assert content(client.get("/")).count("fill-800x450.format-webp") == 5
    with django_assert_max_num_queries(12):
        client.get("/")


def test_story_sells_in_the_middle_of_the_text(client, trees):
    here, gone = listing_make(title="Hạt sen", price=145_000), listing_make(title="Sen tươi", stock=0)
    story_make(trees, body=[("products", {"products": [here.product_id, gone.product_id]})])
    page = content(client.get("/cau-chuyen/hai-sen/"))
    assert "145.000\xa0₫" in page
    assert f'name="product" value="{here.product_id}"' in page
    assert f'name="product" value="{gone.product_id}"' not in page


def test_story_keeps_quiet_about_what_is_not_published(client, trees):
    hidden = listing_make(title="Món bí mật", state="draft")
    story_make(trees, body=[("products", {"products": [hidden.product_id]})])
    assert "Món bí mật" not in content(client.get("/cau-chuyen/hai-sen/"))


def test_stories_are_listed_latest_first(client, trees):
    story_make(trees, slug="cu", title="Chuyện cũ", date="2026-01-01")
    story_make(trees, slug="moi", title="Chuyện mới", date="2026-11-01")
    page = content(client.get("/cau-chuyen/"))
    assert page.index("Chuyện mới") < page.index("Chuyện cũ")


def test_drafts_are_not_listed(client, trees):
    story_make(trees, title="Chuyện nháp").unpublish()
    assert "Chuyện nháp" not in content(client.get("/cau-chuyen/"))
    assert client.get("/cau-chuyen/hai-sen/").status_code == 404


def test_standard_page_with_a_table(client, trees):
    page_make(trees, body=[("table", {"rows": "Chuyện | Báo trong\nHàng dập | 24 giờ\nThiếu", "caption": ""})])
    page = content(client.get("/doi-tra/"))
    assert '<th scope="col">Báo trong</th>' in page and "<td>24 giờ</td>" in page
    assert '<th scope="row">Thiếu</th><td></td>' in page


def test_footer_and_menu_follow_the_pages(client, trees):
    page_make(trees)
    page_make(trees, title="Ẩn", slug="an", show_in_menus=False)
    page = content(client.get("/"))
    assert '<a href="/doi-tra/">Đổi trả</a>' in page and 'href="/an/"' not in page
    assert 'href="/cau-chuyen/"' in page


def test_footer_follows_an_edit_at_once(desk, trees):
    page = page_make(trees)
    desk.get("/")
    desk.post(f"/quan-tri/pages/{page.pk}/unpublish/")
    assert "/doi-tra/" not in content(desk.get("/"))


def test_address_of_the_shop_is_refused(trees):
    taken = StandardPage(title="Thanh toán", slug="thanh-toan", locale=trees["vi"].locale)
    with pytest.raises(ValidationError) as refusal:
        trees["vi"].add_child(instance=taken)
    assert "slug" in refusal.value.message_dict


def test_title_loses_its_marks_in_the_address(trees):
    page = page_make(trees, title="Đường thốt nốt", slug="")
    assert page.slug == "duong-thot-not"


def test_address_of_the_story_list_is_fixed(trees):
    stories = StoryIndexPage.objects.child_of(trees["vi"]).get()
    stories.slug = "chuyen-khac"
    stories.save()
    assert stories.slug == "cau-chuyen"


def test_season_row_shows_seasonal_goods_first(client, trees):
    listing_make(title="Gạo quanh năm", season=ALL_YEAR)
    listing_make(title="Vú sữa đang mùa", season=month_bit(today().month))
    listing_make(title="Xoài nghịch mùa", season=ALL_YEAR & ~month_bit(today().month))
    listing_make(title="Quýt đã hết", season=month_bit(today().month), stock=0)
    home_with(trees["vi"], hero(), season())
    page = content(client.get("/"))
    assert page.index("Vú sữa đang mùa") < page.index("Gạo quanh năm")
    assert "Xoài nghịch mùa" not in page and "Quýt đã hết" not in page


def test_season_row_keeps_to_its_count(client, trees):
    for _n in range(6):
        listing_make()
    home_with(trees["vi"], season(count=4))
    assert content(client.get("/")).count('class="card"') == 4


def test_calendar_counts_what_is_seasonal(client, trees):
    listing_make(season=month_bit(3))
    listing_make(season=month_bit(3) | month_bit(4))
    listing_make(season=ALL_YEAR)
    home_with(trees["en"], ("calendar", {"title": "", "text": ""}))
    page = content(client.get("/en/"))
    assert page.count('href="/en/san-pham/?mua=3"') == 1
    assert '<span>Mar</span><small>2<span class="hide"> items' in page
    assert '<span>Apr</span><small>1<span class="hide"> item<' in page


def test_figures_are_counted(client, trees):
    shop = listing_make().cooperative
    listing_make(shop)
    listing_make(ward_code="28261")
    listing_make(state="draft")
    home_with(trees["vi"], ("figures", {"title": ""}))
    page = "".join(content(client.get("/")).split())
    assert "<dd>3</dd>" in page and page.count("<dd>2</dd>") == 2


def test_sectors_with_their_counts(client, trees):
    listing_make(ocop_set=1)
    home_with(trees["en"], ("sectors", {"title": "", "text": ""}))
    page = content(client.get("/en/"))
    assert "Food<small>1 product on sale</small>" in page and "Drinks<small>0 products on sale</small>" in page


def test_button_follows_its_product_while_it_is_on_sale(client, trees):
    listing = listing_make()
    home_with(trees["vi"], hero(button_product=listing.product_id, button_goes="cooperatives"))
    assert f'href="{listing.product.get_absolute_url()}"' in content(client.get("/"))
    listing.state = "paused"
    listing.save()
    assert 'class="btn btn--big" href="/hop-tac-xa/"' in content(client.get("/"))


def test_latest_stories_unless_some_are_chosen(client, trees):
    first = story_make(trees, slug="mot", title="Chuyện một", date="2026-01-01")
    story_make(trees, slug="hai", title="Chuyện hai", date="2026-02-01")
    home_with(trees["vi"], ("stories", {"title": "", "stories": []}))
    assert "Chuyện hai" in content(client.get("/"))
    home_with(trees["vi"], ("stories", {"title": "", "stories": [first.pk]}))
    page = content(client.get("/"))
    assert "Chuyện một" in page and "Chuyện hai" not in page
