"""Messages as a phone reads them."""
