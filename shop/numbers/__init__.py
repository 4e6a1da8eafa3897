"""A cooperative's figures: sales, the monthly statement, exports, and everything of its own to take away."""
