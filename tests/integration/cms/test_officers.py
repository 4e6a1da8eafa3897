"""What the province's officers may do: pages, pictures, files; nothing else."""

import pytest
from django.contrib.auth.models import Group, Permission
from wagtail.models import GroupPagePermission, Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from cms.models import HomePage, StandardPage
from cms.services import OFFICERS, demo_officer_ensure, officers_group_ensure
from shop.accounts.demo import demo_accounts_ensure
from shop.accounts.models import User
from tests.factories import listing_make
from tests.integration.cms.conftest import hero, home_with, page_make, picks, story_make


def page_form(**fields):
    """A filled-in edit form, to be published."""
    return nested_form_data(
        {"slug": "doi-tra", "intro": "", "comments": inline_formset([]), "action-publish": "1"} | fields
    )


def test_group_is_named_as_people_say(trees):
    assert officers_group_ensure().name == OFFICERS == "Cán bộ tỉnh"


def test_officer_edits_and_publishes(desk, trees, client):
    page = page_make(trees)
    form = page_form(title="Đổi trả, hoàn tiền", body=streamfield([("text", rich_text("<p>Báo trong 24 giờ.</p>"))]))
    assert desk.post(f"/quan-tri/pages/{page.pk}/edit/", form).status_code == 302
    assert "Báo trong 24 giờ." in client.get("/doi-tra/").content.decode()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_officer_adds_pages_in_both_trees(desk, trees, language):
    form = page_form(title="Giao hàng", slug="giao-hang", body=streamfield([]))
    desk.post(f"/quan-tri/pages/add/cms/standardpage/{trees[language].pk}/", form)
    page = StandardPage.objects.child_of(trees[language]).get(slug="giao-hang")
    assert page.live and page.owner.email == "can-bo@example.vn"


def test_officer_picks_a_product(desk, trees, client):
    home_with(trees["vi"], hero())
    product = listing_make(title="Hạt sen").product
    pick = {"product": str(product.pk), "reason": "Mới lên chợ.", "until": "2099-12-31"}
    section = {"title": "", "text": "", "picks": streamfield_list([pick])}
    form = page_form(title="Chợ", slug="trang-chu", body=streamfield([("picks", section)]))
    assert desk.post(f"/quan-tri/pages/{trees['vi'].pk}/edit/", form).status_code == 302
    page = client.get("/").content.decode()
    assert "Hạt sen" in page and "Mới lên chợ." in page


def streamfield_list(items):
    """A list inside a section, as the editor's form sends it."""
    return {"count": str(len(items))} | {
        str(n): {"id": "", "value": item, "order": str(n), "deleted": ""} for n, item in enumerate(items)
    }


def test_pick_without_a_reason_is_refused(desk, trees):
    product = listing_make().product
    pick = {"product": str(product.pk), "reason": "", "until": "2099-12-31"}
    section = {"title": "", "text": "", "picks": streamfield_list([pick])}
    form = page_form(title="Chợ", slug="trang-chu", body=streamfield([("picks", section)]))
    assert desk.post(f"/quan-tri/pages/{trees['vi'].pk}/edit/", form).status_code == 200
    assert len(HomePage.objects.get(pk=trees["vi"].pk).body) == 0


@pytest.mark.parametrize("path", ["", "pages/", "images/", "documents/", "images/add/", "choose-page/"])
def test_officer_reaches_pages_pictures_files(desk, path):
    assert desk.get(f"/quan-tri/{path}", follow=True).status_code == 200


@pytest.mark.parametrize("path", ["edit/", "history/", "usage/"])
def test_officer_opens_every_kind_of_page(desk, trees, path):
    listing = listing_make()
    home_with(trees["vi"], hero(button_product=listing.product_id), picks(listing.product))
    story = story_make(trees, body=[("products", {"products": [listing.product_id]})])
    for page in (trees["vi"], story, page_make(trees)):
        assert desk.get(f"/quan-tri/pages/{page.pk}/{path}").status_code == 200


def test_officer_compares_two_versions(desk, trees):
    listing = listing_make(title="Hạt sen")
    home_with(trees["vi"], picks(listing.product))
    home_with(trees["vi"], hero())
    first, second = trees["vi"].revisions.order_by("created_at")[1:3]
    page = desk.get(f"/quan-tri/pages/{trees['vi'].pk}/revisions/compare/{first.pk}...{second.pk}/")
    assert page.status_code == 200 and "Hạt sen" in page.content.decode()


@pytest.mark.parametrize(
    "path", ["users/", "users/new/", "groups/", "sites/", "collections/", "redirects/", "workflows/list/", "snippets/"]
)
def test_officer_is_kept_out(desk, path):
    response = desk.get(f"/quan-tri/{path}")
    assert response.status_code in (302, 403, 404)
    assert response.status_code != 302 or response["Location"].rstrip("/").endswith("/quan-tri")


def test_officer_is_kept_out_of_the_operators_dashboard(desk):
    assert desk.get("/dieu-hanh/").status_code in (302, 403)


def test_officer_adds_nothing_beside_the_trees(desk):
    root = Page.get_first_root_node()
    assert desk.get(f"/quan-tri/pages/{root.pk}/add_subpage/").status_code in (302, 403)


def test_menu_of_officers_is_short(desk):
    page = desk.get("/quan-tri/").content.decode()
    for word in ("/quan-tri/reports/", "/quan-tri/users/", "/quan-tri/redirects/"):
        assert word not in page


def test_shopper_does_not_get_in(client, trees):
    shopper = User.objects.create_user(email="nguoi-mua@example.vn", password="mot-mat-khau-dai")
    client.force_login(shopper, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/quan-tri/").status_code in (302, 403)


def test_rights_are_brought_back_to_what_they_are(trees):
    group = officers_group_ensure()
    group.permissions.add(Permission.objects.get(codename="change_user", content_type__app_label="accounts"))
    lock = Permission.objects.get(codename="lock_page")
    GroupPagePermission.objects.create(group=group, page=trees["vi"], permission=lock)
    officers_group_ensure()
    assert set(group.permissions.values_list("codename", flat=True)) == {
        "access_admin",
        "decide_application",
        "submit_translation",
        "change_listing",
    }
    assert set(group.page_permissions.values_list("permission__codename", flat=True)) == {
        "add_page",
        "change_page",
        "publish_page",
    }


def test_no_django_admin(client, trees):
    assert client.get("/admin/").status_code == 404


def test_the_demonstrations_officer_reaches_the_desk_and_nothing_else(trees, client, settings):
    settings.DEMO = True
    demo_officer_ensure()
    demo_officer_ensure()
    officer = User.objects.get(email="canbo@example.vn")
    assert [group.name for group in officer.groups.all()] == [OFFICERS]

    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")

    assert client.get("/quan-tri/").status_code == 200
    assert client.get(f"/quan-tri/pages/{trees['vi'].pk}/edit/").status_code == 200
    assert client.get("/dieu-hanh/").status_code == 403
    assert client.get("/ban-hang/").status_code == 403


def test_an_officer_with_other_groups_keeps_them(trees, settings):
    settings.DEMO = True
    officer = demo_accounts_ensure()["/quan-tri/"]
    officer.groups.add(Group.objects.create(name="Khác"))

    demo_officer_ensure()

    assert [group.name for group in officer.groups.all()] == ["Khác"]


def test_no_officer_is_made_outside_a_demonstration(trees, settings):
    settings.DEMO = False
    demo_officer_ensure()
    assert not User.objects.exists()
