"""What visits and beds at home are held against: each check a named query, with its figures."""
