"""People who are in beds already, when a home begins with the platform: taken in as a list."""
