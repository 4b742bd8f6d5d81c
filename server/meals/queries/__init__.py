"""What can be asked about canteens, sittings and bookings; nothing here writes."""
