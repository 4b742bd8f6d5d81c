"""What findings about runs speak of, as pages show it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlmodel import Session, col

from server.db.tables import table_of
from server.policies.programmes.models import PolicyVersion
from server.subsidies.checks.models import FindingLine
from server.subsidies.models import SubsidyLine, SubsidyRun

MOST_LINES = 200


def find_programme_names(
    session: Session, codes: Collection[str], language: str
) -> Mapping[str, str]:
    """Return the newest names of these programmes in a language."""
    told = col(PolicyVersion.content)["name"]["en" if language == "en" else "zh"]
    rows = session.execute(
        select(col(PolicyVersion.programme), told.astext.label("name"))
        .where(col(PolicyVersion.programme).in_(codes))
        .order_by(col(PolicyVersion.starts_on))
    )
    return {row.programme: row.name for row in rows}


def list_lines(session: Session, finding_id: int) -> Sequence[Row[Any]]:
    """Return the lines that a finding speaks of, in reach; the first two hundred."""
    line, named, run = table_of(SubsidyLine), table_of(FindingLine), table_of(SubsidyRun)
    columns = (line.c[one] for one in ("run_id", "number", "site_id", "month", "amount_fen"))
    return session.execute(
        select(*columns, run.c.programme, run.c.stage)
        .join(named, (named.c.run_id == line.c.run_id) & (named.c.number == line.c.number))
        .join(run, run.c.id == line.c.run_id)
        .where(named.c.finding_id == finding_id)
        .order_by(line.c.run_id, line.c.number)
        .limit(MOST_LINES)
    ).all()
