"""What caregivers are entitled to, month by month and person by person, and claims for it."""
