"""Says what is missing or misconfigured, in one line each."""
