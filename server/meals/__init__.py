"""Canteens, menus, sittings, bookings and who collected their meal."""
