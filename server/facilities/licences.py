"""核定床位: how many beds of a kind a facility may run."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import Session, col

from server.db.tables import table_of
from server.facilities.errors import NursingAboveLicensed
from server.facilities.models import BedKind, BedLicence


def note_licence(
    session: Session,
    site_id: int,
    *,
    kind: BedKind,
    licensed: int,
    nursing: int,
    document: str,
    starts_on: date,
) -> None:
    """Say how many beds of a kind may be run from a day on; the same day again puts it right.

    Raises `NursingAboveLicensed`.
    """
    if nursing > licensed:
        raise NursingAboveLicensed()
    said: dict[str, Any] = {"licensed": licensed, "nursing": nursing, "document": document}
    known = {"site_id": site_id, "kind": kind, "starts_on": starts_on}
    new = upsert(table_of(BedLicence)).values({**known, **said})
    session.execute(new.on_conflict_do_update(index_elements=list(known), set_=said))


def list_licences(session: Session, site_id: int) -> Sequence[BedLicence]:
    """Return what was licensed, by kind, the last first."""
    query = select(BedLicence).where(col(BedLicence.site_id) == site_id)
    by = (col(BedLicence.kind), col(BedLicence.starts_on).desc())
    return session.execute(query.order_by(*by)).scalars().all()
