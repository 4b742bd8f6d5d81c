"""The register at the window: search, entry, a person's file."""
