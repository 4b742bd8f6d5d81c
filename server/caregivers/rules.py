"""What of caregivers can be said without a database: days, numbers, which certificate counts."""

import calendar
import re
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Protocol

from server.caregivers.errors import (
    CertificateDaysImpossible,
    EmploymentDaysImpossible,
    PayeeAccountUnusable,
)

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2169, 12, 31)
_ACCOUNT = re.compile(r"\d{8,30}", re.ASCII)
LEVELS = (5, 4, 3, 2, 1)


class Contracted(Protocol):
    starts_on: date
    ends_on: date | None


class Certified(Protocol):
    @property
    def level(self) -> int: ...
    @property
    def issued_on(self) -> date: ...
    @property
    def valid_until(self) -> date | None: ...
    @property
    def annulled_on(self) -> date | None: ...


def read_payee_account(text: str) -> str:
    """Return the digits of a bank account; raises `PayeeAccountUnusable`."""
    digits = "".join(unicodedata.normalize("NFKC", text).split()).replace("-", "")
    if not _ACCOUNT.fullmatch(digits):
        raise PayeeAccountUnusable()
    return digits


def read_certificate_number(text: str) -> str:
    """Return a certificate's number in one spelling, so that it is one number however typed."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def check_days(starts_on: date, ends_on: date | None) -> None:
    """Raise `EmploymentDaysImpossible` for days that no register holds, or in the wrong order."""
    last = LAST_DAY if ends_on is None else ends_on
    if not FIRST_DAY <= starts_on < last <= LAST_DAY:
        raise EmploymentDaysImpossible()


def check_certificate_days(issued_on: date, valid_until: date | None, *, today: date) -> None:
    """Raise `CertificateDaysImpossible` for one that ends before it is issued, or is to come."""
    if issued_on > today or (valid_until is not None and valid_until < issued_on):
        raise CertificateDaysImpossible()


def is_good(certificate: Certified, on: date) -> bool:
    """True where a certificate is good on the day, its last day included."""
    lasts = certificate.valid_until is None or certificate.valid_until >= on
    whole = certificate.annulled_on is None or certificate.annulled_on > on
    return certificate.issued_on <= on and lasts and whole


def best_of(certificates: Sequence[Certified], on: date) -> Certified | None:
    """Return the highest of those that are good on the day: level 1 is above level 5."""
    good = [one for one in certificates if is_good(one, on)]
    return min(good, key=lambda one: (one.level, -one.issued_on.toordinal()), default=None)


def month_of(day: date) -> date:
    """Return the first day of the month."""
    return day.replace(day=1)


def month_after(month: date) -> date:
    """Return the first day of the next month."""
    return month_of(month.replace(day=28) + timedelta(days=4))


def days_in(month: date) -> int:
    """Return how many days the month has."""
    return calendar.monthrange(month.year, month.month)[1]


def closes_on(month: date, closes_day: int) -> date:
    """Return the last day on which days of a month are told without a reason."""
    return month_after(month).replace(day=closes_day)


def holds_until(contract: Contracted, employed_until: date | None) -> date | None:
    """Return the first day on which a contract holds no more: its own end or the employment's.

    One that would have begun after the employment is told as it was signed.
    """
    if employed_until is None or employed_until <= contract.starts_on:
        return contract.ends_on
    return min(contract.ends_on or employed_until, employed_until)
