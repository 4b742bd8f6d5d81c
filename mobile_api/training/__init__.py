"""Courses on the phone: places, the door, one's own hours, results and certificates."""
