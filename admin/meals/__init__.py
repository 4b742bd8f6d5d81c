"""A canteen's day, its counter, and the bureau's overview of canteens."""
