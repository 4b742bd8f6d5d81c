"""How the outbox refuses. These are mistakes of ours, not a person's: no face shows them."""


class MessageUnusable(ValueError):
    """There is no text for this kind of message, or a fact that its text needs is missing."""
