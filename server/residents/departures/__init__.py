"""Death and moving away: what is reported, what ends the day after, and how a mistake is undone."""
