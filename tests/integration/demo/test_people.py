"""The demo's seller has a counter; a shop that is no demo gets no account with a known password."""

from django.contrib.auth import get_user_model

from shop.accounts.demo import demo_accounts_ensure
from shop.cooperatives.models import Membership
from shop.demo.load import demo_load

User = get_user_model()


def test_the_seller_owns_the_star_apple_cooperative(demo, settings):
    settings.DEMO = True
    demo_load()
    membership = Membership.objects.get(user__email="htx@example.vn")
    assert membership.cooperative.name == "HTX Vú sữa Vĩnh Kim (mẫu)"
    assert membership.role == Membership.Role.OWNER


def test_a_role_that_was_changed_stays(demo, settings):
    settings.DEMO = True
    demo_load()
    Membership.objects.update(role=Membership.Role.PACKER)
    demo_load()
    assert list(Membership.objects.values_list("role", flat=True)) == [Membership.Role.PACKER]


def test_no_account_outside_a_demonstration(demo, settings):
    settings.DEMO = False
    demo_load()
    assert demo_accounts_ensure() == {}
    assert not User.objects.filter(email="htx@example.vn").exists()


def test_every_producer_has_a_verified_identity(demo):
    from shop.cooperatives.models import Cooperative
    from shop.onboarding.models import Identity

    assert {row.state() for row in Identity.objects.all()} == {"verified"}
    assert Identity.objects.filter(cooperative__is_published=True).count() == Cooperative.objects.count()
