"""A backup is rehearsed: what comes back is what was there, and nothing comes back by halves."""
