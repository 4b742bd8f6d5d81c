"""Double-entry accounts: what was received, is owed and is held, line by line, never changed."""
