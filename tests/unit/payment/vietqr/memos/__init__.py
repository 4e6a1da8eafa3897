"""A corpus of transfer memos whose meaning is known because it was made, not read: see ``make``."""
