"""The registers of the province's staff, each from its own folder."""
