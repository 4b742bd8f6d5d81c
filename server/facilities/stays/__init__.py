"""A stay from hold to last day. Whoever changes one holds the person first, then the bed."""
