"""What caregivers, those who employ them and counties are reminded of, each thing exactly once."""
