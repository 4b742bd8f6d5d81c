"""Visits beside each other, with what proves them and how far from home it was said."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Text, func, select
from sqlmodel import Session, col

from server.db.tables import table_of
from server.files.models import File
from server.homecare.models import HomeBed
from server.homecare.visits.models import CareVisit, VisitProof

MOST_BESIDE_EACH_OTHER = 12


def list_compared(session: Session, visit_ids: Sequence[int]) -> Sequence[Row[Any]]:
    """Return these visits in reach with their proofs that count, by arrival; twelve at most."""
    proof, bed = table_of(VisitProof), table_of(HomeBed)
    return session.execute(
        select(
            *(table_of(CareVisit).c[name] for name in ("service_on", "starts_at", "minutes")),
            col(CareVisit.id).label("visit_id"),
            *(column for column in proof.c if column.name not in ("id", "minutes")),
            func.name_of_staff(col(VisitProof.worker_id), type_=Text).label("worker_name"),
            *(_metres(bed, proof, end) for end in ("arrived", "left")),
            col(File.removed_at).label("photo_removed_at"),
        )
        .join(VisitProof, col(VisitProof.visit_id) == col(CareVisit.id))
        .outerjoin(HomeBed, col(HomeBed.id) == col(CareVisit.home_bed_id))
        .outerjoin(File, col(File.id) == col(VisitProof.photo_file_id))
        .where(col(CareVisit.id).in_(visit_ids), col(VisitProof.superseded_at).is_(None))
        .order_by(col(VisitProof.arrived_at), col(CareVisit.id))
        .limit(MOST_BESIDE_EACH_OTHER)
    ).all()


def _metres(bed: Any, proof: Any, end: str) -> Any:
    """How far from the home the arrival or the leaving was said to be; NULL where not known."""
    way = func.metres_between(bed.c.x, bed.c.y, proof.c[f"{end}_x"], proof.c[f"{end}_y"])
    return way.label(f"{end}_metres")
