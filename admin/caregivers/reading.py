"""What several pages of caregivers show: choices, and one line a caregiver."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import Enum
from typing import Any

from flask import request
from sqlalchemy import Row
from sqlmodel import Session

from admin.words import word
from server import clock, masking
from server.caregivers import register
from server.caregivers.missing import Lack, Missing, list_missing
from server.caregivers.models import ID_NUMBER_FIELD
from server.caregivers.rules import month_of
from server.secrets.fields import keyring

SEE, KEEP, VERIFY = register.SEE, register.KEEP, register.VERIFY
LEVELS = (5, 4, 3, 2, 1)
MOST_EXPORTED = 20_000


def pairs(kind: str, codes: Iterable[Enum]) -> list[tuple[str, str]]:
    """Return codes with their words, for a choice."""
    return [(str(code.value), word(kind, code)) for code in codes]


def level_pairs() -> list[tuple[str, str]]:
    """Return the five skill levels with their words, the lowest first."""
    return [(str(level), word("skill_level", str(level))) for level in LEVELS]


def this_month() -> date:
    """Return the first day of the present month."""
    return month_of(clock.today())


def last_month() -> date:
    """Return the first day of the month before."""
    return month_of(this_month() - timedelta(days=1))


def check_address(code: str) -> str:
    """Return the address that a certificate's QR code holds: it is the front door's."""
    return f"{request.host_url}c/{code}"


def shown_number(row: Row[Any]) -> str:
    """Return the masked ID number of a line."""
    return masking.id_number(keyring().decrypt(row.id_number_cipher, ID_NUMBER_FIELD))


def filter_of(filters: Mapping[str, Any]) -> register.Filter:
    """Return what the register is asked for by the filters of the page."""
    days = filters["ends_in"]
    given = {name: value for name, value in filters.items() if name not in ("ends_in", "missing")}
    before = clock.today() + timedelta(days=days + 1) if days else None
    return register.Filter(ends_before=before, **given)


def lacking(
    session: Session, rows: Sequence[Row[Any]], lack: Lack | None
) -> tuple[Sequence[Row[Any]], Mapping[int, Sequence[Missing]]]:
    """Return the lines that lack something, all of them for None, and what each lacks."""
    found = list_missing(session, caregiver_ids=[row.id for row in rows], on=clock.today())
    if lack is None:
        return rows, found
    lacks = {one for one, missing in found.items() if any(each.code is lack for each in missing)}
    return [row for row in rows if row.id in lacks], found
