"""Tax rates with their dates, kept by operators."""
