"""What was written to people: sent messages, call lists, texts, and one's own inbox."""
