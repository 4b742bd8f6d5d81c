"""The duty desk: calls for help that are open, how they went, and how soon providers answer."""
