"""Who may open which page of the workspace: one table for all of them.

A page that is missing here is open to nobody. Operators, who look after every cooperative, count as owners.
"""

from shop.cooperatives.models import Membership

Role = Membership.Role

OWNER = frozenset({Role.OWNER})
#: Packers touch parcels, not money.
MONEY = frozenset({Role.OWNER, Role.SELLER, Role.ACCOUNTANT})
#: Who decides about the account that money goes to.
ACCOUNT = frozenset({Role.OWNER, Role.ACCOUNTANT})
#: Who answers for the goods on sale.
GOODS = frozenset({Role.OWNER, Role.SELLER})
#: Whose hands the parcels go through.
PARCELS = frozenset({Role.OWNER, Role.SELLER, Role.PACKER})
EVERYBODY = frozenset(Role)

#: Name of the page in the namespace ``seller`` -> roles that it is for.
ROLES: dict[str, frozenset[str]] = {
    # Orders
    "index": EVERYBODY,
    "more": EVERYBODY,
    "order": EVERYBODY,
    "money": MONEY,
    "accept": EVERYBODY,
    "refuse": EVERYBODY,
    # Money
    "inbox": MONEY,
    "refunds": MONEY,
    "refund": MONEY,
    "refund-qr": MONEY,
    "refund-account": MONEY,
    "refund-settle": MONEY,
    "refund-to-card": MONEY,
    "refund-drop": MONEY,
    "line": MONEY,
    "line-place": MONEY,
    "line-split": MONEY,
    "line-return": MONEY,
    "line-ignore": MONEY,
    "line-undo": MONEY,
    "order-part": MONEY,
    # Accounts and what reports on them
    "proof": MONEY,
    "account": MONEY,
    "account-change": OWNER,
    "account-review": OWNER,
    "account-approve": ACCOUNT,
    "account-stop": ACCOUNT,
    "feeds": OWNER,
    "feed": OWNER,
    "feed-start": OWNER,
    "feed-keys": OWNER,
    "feed-virtual": OWNER,
    "feed-stop": OWNER,
    "statement": MONEY,
    "statement-preview": MONEY,
    "statement-take": MONEY,
    "statement-done": MONEY,
    # Cash at the door
    "cash": MONEY,
    "cash-settings": OWNER,
    "cash-take": EVERYBODY,
    "cash-miss": EVERYBODY,
    "cash-deliver": EVERYBODY,
    "cash-door": EVERYBODY,
    # Paper: parcels' for everybody, prices for those who answer for the goods, the poster for those who see the account
    "paper": EVERYBODY,
    "paper-pick": EVERYBODY,
    "paper-slips": EVERYBODY,
    "paper-labels": EVERYBODY,
    "paper-contracts": EVERYBODY,
    "paper-prices": GOODS,
    "paper-prices-sheet": GOODS,
    "paper-poster": MONEY,
}


def may_open(role: str, page: str) -> bool:
    """Whether the role may open that page."""
    return role in ROLES.get(page, frozenset())
