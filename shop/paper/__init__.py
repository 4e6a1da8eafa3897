"""Paper for the cooperatives: what is printed, and how it becomes a PDF."""
