"""The board of a home's beds, taking people in, its rooms, and the bureau's live overview."""
