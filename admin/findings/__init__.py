"""Findings at the console: looked for, taken, and settled with a note."""
