"""A provider's month is closed once: what was served becomes facts that nobody changes."""
