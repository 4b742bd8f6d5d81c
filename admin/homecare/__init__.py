"""Care at home, at a desk."""
