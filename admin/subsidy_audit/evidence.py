"""Which rows of evidence the trail is asked for."""

from server.subsidies.facts.evidence import Evidence

# The lives of these hang on more than one number; the trail is not asked for them by one.
OF_MANY_KEYS = {"attendance_day", "attendance_month", "home_month_bed"}


def has_trail(one: Evidence) -> bool:
    """True where the trail knows the row by its number alone."""
    return one.kind not in OF_MANY_KEYS
