"""Nothing is back-filled: a provider's closed month stays as it is."""

from datetime import date

from sqlalchemy import func, select
from sqlmodel import Session

from server.homecare.visits.errors import MonthIsClosed

# The database refuses by this name, whatever way a change takes.
GUARD = "month_is_open"


def check_month_open(session: Session, site_id: int, day: date) -> None:
    """Raise `MonthIsClosed` where the provider's month of the day is closed."""
    if session.execute(select(func.is_month_closed(site_id, day))).scalar_one():
        raise MonthIsClosed(month=f"{day:%Y-%m}")
