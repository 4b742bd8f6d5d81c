"""`yinling doctor`: what is missing or misconfigured, in one line each."""
