"""A payment provider to try with: a small HTTP server that moves no money, never in production."""
