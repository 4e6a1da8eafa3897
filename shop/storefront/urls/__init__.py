"""Public addresses of the shopper's pages, one module per family."""
