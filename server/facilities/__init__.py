"""Rooms, beds of five kinds, and who sleeps in them: dated records that never overlap."""
