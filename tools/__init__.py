"""Scripts that prepare, start, check and test the marketplace. Run them from the top folder, mostly through make."""
