"""Before money's address is changed, or somebody gets a say in it, the person proves again who they are."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from shop.accounts import proof
from shop.accounts.proof import PURPOSE, SECONDS, SESSION_KEY, BaseProofView, is_proven, proof_note
from shop.seller.accounts.access import LOOKERS, people_only
from shop.seller.views import frame

__all__ = ["PURPOSE", "SECONDS", "SESSION_KEY", "is_proven", "proof_note", "proof_required", "proof_url"]

NOT_YOURS = gettext_lazy("Only the owner, a seller or the accountant sees where the money goes.")
PAGE = "seller:proof"


def proof_url(path: str) -> str:
    """The page of the workspace that asks for the proof and then leads to ``path``."""
    return proof.proof_url(path, PAGE)


def proof_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Nothing of the view happens before the proof; a form that was posted too late is shown again afterwards."""
    return proof.proof_required(view, PAGE)


@method_decorator(
    [people_only(LOOKERS, NOT_YOURS), sensitive_post_parameters("password", "code", "app_code")], name="dispatch"
)
class ProofView(BaseProofView):
    """``/ban-hang/xac-nhan/?next=…``: is it really you?"""

    template_name = "seller/accounts/proof.html"
    home = "seller:account"

    def frame(self, request: HttpRequest) -> dict[str, Any]:
        return frame(request)
