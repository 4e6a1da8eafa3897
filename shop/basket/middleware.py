"""Oscar's basket middleware; offers are applied per cooperative where sums are shown, not to the whole basket."""

from typing import Any

from oscar.apps.basket import middleware


class BasketMiddleware(middleware.BasketMiddleware):
    """Loads the visitor's basket when a view asks for it."""

    def apply_offers_to_basket(self, request: Any, basket: Any) -> None:
        """Nothing: a discount over several cooperatives would belong to none of them."""

    def process_template_response(self, request: Any, response: Any) -> Any:
        """Pages that show no basket should not load it."""
        return response
