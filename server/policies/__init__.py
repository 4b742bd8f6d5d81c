"""Dated parameters with their legal basis, and the packs of files they come from."""
