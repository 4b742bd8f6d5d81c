"""Personal fields at rest: encrypted under a named key, and findable by a keyed digest."""
