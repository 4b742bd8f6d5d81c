"""Messages to people: contacts, and the outbox that a worker empties."""
