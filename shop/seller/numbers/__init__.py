"""Sales and money in figures, the monthly statement, exports, and the cooperative's own data to take away."""
