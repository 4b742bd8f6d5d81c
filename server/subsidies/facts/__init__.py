"""Facts of subsidies: how the registers know them, and the rows that they were counted from."""
