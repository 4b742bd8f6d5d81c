"""Months by their first days."""

from datetime import date


def month_after(first: date, months: int) -> date:
    """Return the first day so many months after another first day."""
    whole = first.year * 12 + first.month - 1 + months
    return date(whole // 12, whole % 12 + 1, 1)
