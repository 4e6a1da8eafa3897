"""Goods out of spreadsheets: columns, cells and reading are here; no page offers them yet."""
