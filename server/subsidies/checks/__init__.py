"""What runs of subsidies are held against: the 25 cross-checks, each a named query."""
