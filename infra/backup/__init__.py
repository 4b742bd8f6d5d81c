"""A city in one file: its data, what they are, and the keys that read them, under a passphrase."""
