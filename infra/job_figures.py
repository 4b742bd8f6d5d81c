"""How the jobs of the timetable stand, for whoever asks for the platform's figures."""

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from infra import metrics
from scheduler.slots import latest_slot
from scheduler.timetable import TIMETABLE
from server import clock
from server.db.cities import schema_of
from server.timetable.states import list_states


def note_jobs(engine: Engine, city_code: str) -> None:
    """Put the jobs' figures where they are asked for; nothing changes where nobody answers."""
    recorded = [entry for entry in TIMETABLE if entry.is_recorded]
    try:
        with Session(engine) as session:
            session.execute(text(f"SET LOCAL search_path TO {schema_of(city_code)}"))
            states = list_states(session, [entry.job for entry in recorded])
    except SQLAlchemyError:
        return
    now = clock.now()
    for entry in recorded:
        state = states[entry.job]
        last = state.succeeded_at
        age_s = None if last is None else (now - last).total_seconds()
        standing = state.standing(latest_slot(entry.when, now), entry.late_after, now)
        metrics.note_job(entry.job, age_s, standing.value)
