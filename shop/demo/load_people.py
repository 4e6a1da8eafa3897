"""The people of the demo and what they may do."""

from shop.accounts.demo import demo_accounts_ensure
from shop.cooperatives.models import Cooperative, Membership
from shop.cooperatives.services import membership_set

#: Name in the source of the cooperative whose counter the demo shows.
COOPERATIVE = "HTX Vú sữa Vĩnh Kim (mẫu)"


def people_ensure(cooperative: Cooperative) -> None:
    """The demo's accounts; the seller among them owns this cooperative unless it works somewhere already.

    Accounts with published passwords exist in a demonstration only; elsewhere this does nothing.
    """
    seller = demo_accounts_ensure().get("/ban-hang/")
    if seller and not seller.memberships.exists():
        membership_set(cooperative=cooperative, user=seller, role=Membership.Role.OWNER, by="demo")
