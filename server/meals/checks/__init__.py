"""What meals are held against: each check a named query, with its figures."""
