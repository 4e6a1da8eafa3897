"""Ways out of the shop: each module has ``send(message)`` and raises when it could not."""
