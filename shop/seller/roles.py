"""Who may open which page of the workspace: one table for all of them.

A page that is missing here is open to nobody. Operators, who look after every cooperative, count as owners; where the
money goes is theirs only with one permission more (``shop.seller.accounts.access``).
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
#: Who gets names and phone numbers of many buyers at once.
BUYERS = PARCELS
EVERYBODY = frozenset(Role)
#: Whoever has an account, also somebody who belongs to no cooperative yet.
ANYBODY = "anybody"
SIGNED_IN = EVERYBODY | {ANYBODY}
#: Papers of a cooperative are its owner's; whoever has no cooperative yet has an application of their own.
DOSSIER = OWNER | {ANYBODY}
#: Pages above all cooperatives: for no role in any of them.
OPERATORS = frozenset({"operator"})

#: Name of the page in the namespace ``seller`` -> roles that it is for.
ROLES: dict[str, frozenset[str]] = {
    # Orders
    "index": EVERYBODY,
    "more": EVERYBODY,
    "order": EVERYBODY,
    "money": MONEY,
    # Whoever is in the house may take an order; whether it can be served at all is for those who sell.
    "accept": EVERYBODY,
    "refuse": GOODS,
    # Parcels
    "news": EVERYBODY,
    "bulk": PARCELS,
    "pack": PARCELS,
    "hand-over": PARCELS,
    "deliver": PARCELS,
    "return": PARCELS,
    "undo": PARCELS,
    "reduce": GOODS,
    # Money
    "everyone": OPERATORS,
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
    # That is money: the carrier has it.
    "cash-deliver": MONEY,
    "cash-door": EVERYBODY,
    # People
    "people": EVERYBODY,
    "invite": OWNER,
    "person": OWNER,
    "person-remove": OWNER,
    "invitation-withdraw": OWNER,
    "invitation": SIGNED_IN,
    # Applying to sell; then the cooperative's papers and identity. Open to people of no cooperative as well.
    "application": DOSSIER,
    "application-start": SIGNED_IN,
    "application-dossier": DOSSIER,
    "application-overview": DOSSIER,
    "application-review": DOSSIER,
    "application-step": DOSSIER,
    "application-paper-add": DOSSIER,
    "application-paper": DOSSIER,
    "application-paper-remove": DOSSIER,
    "application-file": DOSSIER,
    "application-file-remove": DOSSIER,
    # Sizes of goods
    "variants": GOODS,
    "variant-new": GOODS,
    "variant": GOODS,
    "variant-retire": GOODS,
    "variant-restore": GOODS,
    # Delivery and offers
    "delivery": GOODS,
    "delivery-new": GOODS,
    "delivery-edit": GOODS,
    "delivery-switch": GOODS,
    "delivery-remove": GOODS,
    "delivery-hours": GOODS,
    "delivery-close": GOODS,
    "delivery-reopen": GOODS,
    "delivery-try": GOODS,
    "offers": GOODS,
    "offer-new": GOODS,
    "offer": GOODS,
    "offer-change": GOODS,
    "offer-stop": GOODS,
    "offer-codes": GOODS,
    # Messages, reported problems, reviews
    "notices": EVERYBODY,
    "notices-mine": EVERYBODY,
    "notices-samples": EVERYBODY,
    "notices-save": GOODS,
    "claims": EVERYBODY,
    "claim": EVERYBODY,
    "claim-photo": EVERYBODY,
    # That is money.
    "claim-answer": MONEY,
    "claims-everyone": OPERATORS,
    "claim-settle": OPERATORS,
    "reviews": EVERYBODY,
    "review-reply": GOODS,
    "reviews-everyone": OPERATORS,
    "review-decide": OPERATORS,
    # Goods
    "products": GOODS,
    "product-new": GOODS,
    "product": GOODS,
    "product-photo": GOODS,
    "photo-start": GOODS,
    "photo-chunk": GOODS,
    "photo-finish": GOODS,
    "product-stock": GOODS,
    "product-step": GOODS,
    # Paper
    # Paper: parcels' for everybody, prices for those who answer for the goods, the poster for those who see the account
    "paper": EVERYBODY,
    "paper-pick": EVERYBODY,
    "paper-slips": EVERYBODY,
    "paper-labels": EVERYBODY,
    "paper-contracts": EVERYBODY,
    "paper-prices": GOODS,
    "paper-prices-sheet": GOODS,
    "paper-poster": MONEY,
    # Figures, statements, files; everything of the cooperative to take away
    "numbers": MONEY,
    "numbers-export": MONEY,
    "numbers-statement": MONEY,
    "numbers-print": MONEY,
    "numbers-excel": MONEY,
    "numbers-pdf": MONEY,
    "own-data": OWNER,
    "own-data-start": OWNER,
    "own-data-news": OWNER,
    "own-data-file": OWNER,
}


def may_open(role: str, page: str) -> bool:
    """Whether the role may open that page."""
    return role in ROLES.get(page, frozenset())
