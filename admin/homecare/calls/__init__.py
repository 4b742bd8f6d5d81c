"""Pages of calls back: samples, the caller's desk, and what came of it."""
