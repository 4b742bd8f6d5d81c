"""A year lived in minutes: made-up caregivers, and days that go by as fast as the work is done."""
