"""Contract and money of a stay."""
