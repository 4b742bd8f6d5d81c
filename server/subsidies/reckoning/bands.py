"""Bands of amounts in fen: from each of these on, below the next. The same on every page."""

BANDS = (0, 10_000, 20_000, 30_000, 50_000, 100_000, 300_000, 1_000_000)
