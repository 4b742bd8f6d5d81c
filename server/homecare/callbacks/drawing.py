"""Draw a month's sample once, by a seed that is made public, and prove later that it was so."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select, text
from sqlmodel import Session, col

from server import clock
from server.db.refusals import refusing
from server.db.sessions import actor_of
from server.errors import NotFound
from server.homecare.callbacks import rules
from server.homecare.callbacks.errors import NoVisitsToDraw, SampleDrawn, SampleTooEarly
from server.homecare.callbacks.models import CallSample
from server.homecare.months.queries import next_month
from server.policies.queries import get_figures

PERCENT = "callbacks.percent"
FRAME = (Path(__file__).parent / "frame.sql").read_text()
COUNT = text(
    f"""
    WITH {FRAME}
    SELECT count(*) AS population, count(DISTINCT site_id) AS providers,
           sha256(convert_to(coalesce(string_agg(id::text, E'\\n' ORDER BY id), ''), 'UTF8'))
               AS digest
      FROM frame
    """
)
LIST = text(f"WITH {FRAME} SELECT id, site_id FROM frame ORDER BY id")
# The same as rules.draw: the lowest lot of each provider, then the lowest of all others.
DRAW = text(
    f"""
    WITH {FRAME}, lots AS (
        SELECT *, encode(sha256(convert_to(CAST(:seed AS text) || ':' || id, 'UTF8')), 'hex')
                  AS lot FROM frame
    ), ordered AS (
        SELECT *, row_number() OVER (PARTITION BY site_id
                                     ORDER BY lot COLLATE "C", id) AS in_site FROM lots
    ), drawn AS (
        SELECT *, row_number() OVER (ORDER BY in_site > 1, lot COLLATE "C", id) AS place
          FROM ordered
    )
    INSERT INTO call_back (sample_id, place, visit_id, resident_id, site_id, state, tries)
    SELECT :sample, place, id, resident_id, site_id, 'waiting', 0 FROM drawn
     WHERE place <= :size ORDER BY place
    """
)


def draw_sample(
    session: Session, month: date, *, prefix: str, seed: str, site_id: int | None = None
) -> CallSample:
    """Draw the visits of a month about which people are rung up: once, by this seed.

    Raises `SampleTooEarly`, `NoVisitsToDraw`, `SampleDrawn`, `RuleMissing`.
    """
    opens_on = next_month(month)
    if clock.today() < opens_on:
        raise SampleTooEarly(opens_on=opens_on.isoformat())
    percent = int(get_figures(session, [PERCENT], on=month)[PERCENT].value)
    scope: dict[str, Any] = {"month": month, "prefix": prefix, "site_id": site_id}
    drawn_at = clock.now()
    found = session.connection().execute(COUNT, _bound(scope, drawn_at)).one()
    if not found.population:
        raise NoVisitsToDraw()
    sample = CallSample(
        **scope,
        seed=seed.strip(),
        percent=percent,
        population=found.population,
        providers=found.providers,
        size=rules.size_of(found.population, providers=found.providers, percent=percent),
        frame_digest=bytes(found.digest),
        drawn_at=drawn_at,
        drawn_by=actor_of(session).staff_id,
    )
    _keep(session, sample)
    values = {"seed": sample.seed, "sample": sample.id, "size": sample.size}
    session.connection().execute(DRAW, _bound(scope, drawn_at) | values)
    return sample


def frame_of(session: Session, sample_id: int) -> Mapping[int, int]:
    """Return every visit that could have been drawn, with its provider; raises `NotFound`."""
    rows = session.connection().execute(LIST, _bound_of(get_sample(session, sample_id)))
    return {row.id: row.site_id for row in rows}


def is_as_drawn(session: Session, sample_id: int) -> bool:
    """True where the list of visits is still that of the drawing; raises `NotFound`."""
    sample = get_sample(session, sample_id)
    found = session.connection().execute(COUNT, _bound_of(sample)).one()
    return bytes(found.digest) == bytes(sample.frame_digest)


def get_sample(session: Session, sample_id: int) -> CallSample:
    """Return a sample in the actor's reach; raises `NotFound`."""
    query = select(CallSample).where(col(CallSample.id) == sample_id)
    sample: CallSample | None = session.execute(query).scalar_one_or_none()
    if sample is None:
        raise NotFound()
    return sample


def _keep(session: Session, sample: CallSample) -> None:
    twice = ("uq_call_sample_of_a_county", "uq_call_sample_of_a_provider")
    with refusing(session, dict.fromkeys(twice, SampleDrawn())):
        session.add(sample)


def _bound_of(sample: CallSample) -> dict[str, Any]:
    scope = {"month": sample.month, "prefix": sample.prefix, "site_id": sample.site_id}
    return _bound(scope, sample.drawn_at)


def _bound(scope: Mapping[str, Any], drawn_at: Any) -> dict[str, Any]:
    return {**scope, "next_month": next_month(scope["month"]), "drawn_at": drawn_at}
