"""The people of the demo and what they may do."""

from shop.cooperatives.models import Cooperative, Membership

#: The cooperative whose counter the demo shows.
COOPERATIVE = "vu-sua-vinh-kim"


def people_ensure(cooperative: Cooperative) -> None:
    """The demo's accounts; the one for a cooperative owns this one. A membership that exists keeps its role."""
    try:
        from shop.accounts.demo import demo_accounts_ensure
    except ImportError:
        return
    owner = demo_accounts_ensure()["cooperative"]
    Membership.objects.get_or_create(
        cooperative=cooperative, user=owner, defaults={"role": Membership.Role.OWNER}
    )
