"""Answers that were given once and are given again for the same key."""
