"""Contract and money of a stay: what was agreed, received, billed, and given back."""
