"""Care at home, as a phone asks for it."""
