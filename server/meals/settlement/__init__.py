"""A canteen's month is settled once: meals handed out become facts that nobody changes."""
