"""Everything that belongs to one cooperative, as an archive that its owner takes away."""
