"""`yinling serve`: start everything, say where it is, and stop everything that was started."""
