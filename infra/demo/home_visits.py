"""What was done at homes of the demo last month, what was said of it, and calls back about it."""

from datetime import date, datetime, time, timedelta
from itertools import product

from sqlalchemy import select, text
from sqlmodel import Session, col

from server import clock
from server.homecare.callbacks.drawing import draw_sample
from server.homecare.models import HomeBed, HomeBedState
from server.homecare.visits.models import (
    CareVisit,
    CareWish,
    CareWishKind,
    ConfirmedBy,
    VisitProof,
    VisitRating,
    VisitState,
)

HOURS = (8, 10, 13, 15, 17)
VISITS_OF_EACH = 2
MINUTES = 60
SEED = "03 08 21 25 29 33 + 12"
FACES = (3, 3, 3, 2, 3, 1)
WORKER = text("SELECT id FROM staff WHERE sign_in_name = 'careworker'")
# About the provider's town, some hundred metres apart: nobody lives there.
PLACE_BEDS = text(
    """
    UPDATE home_bed h SET x = s.x + (h.id % 7 - 3) * 0.004, y = s.y + (h.id % 5 - 2) * 0.004
      FROM (SELECT avg(x) AS x, avg(y) AS y FROM site WHERE x IS NOT NULL) s
     WHERE h.x IS NULL AND s.x IS NOT NULL AND h.state NOT IN ('applied', 'precheck')
    """
)
# The first calls have been made: two agree, one contradicts, one could not say.
ANSWER_SOME = text(
    """
    UPDATE call_back SET state = 'settled', tries = 1,
           result = (ARRAY['agrees', 'contradicts', 'agrees', 'cannot_say'])[place],
           answers = jsonb_build_object(
               'there', (ARRAY['yes', 'no', 'yes', 'unknown'])[place], 'stayed', 'unknown',
               'did', 'unknown', 'content', 'unknown', 'remark', '')
     WHERE place <= 2 AND place < (SELECT s.size FROM call_sample s WHERE s.id = sample_id)
    """
)
COUNTIES = text(
    "SELECT DISTINCT left(r.village_code, 6) FROM care_visit v"
    " JOIN resident r ON r.id = v.resident_id ORDER BY 1"
)


def put_home_visits(session: Session) -> int:
    """Put last month's visits of beds that serve down, once; returns how many."""
    worker_id = session.connection().execute(WORKER).scalar_one_or_none()
    is_there = session.execute(select(col(CareVisit.id)).limit(1)).first() is not None
    if worker_id is None or is_there:
        return 0
    session.connection().execute(PLACE_BEDS)
    serving = select(HomeBed).where(col(HomeBed.state) == HomeBedState.SERVING)
    beds = session.execute(serving.order_by(col(HomeBed.id))).scalars().all()
    month = (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1)
    times = product(range(14), HOURS)
    for number, (day, hour) in zip(range(len(beds) * VISITS_OF_EACH), times, strict=False):
        bed, on = beds[number % len(beds)], month + timedelta(days=day)
        _visited(session, bed, worker_id, _at(on, hour), number)
    _call_back(session, month)
    return len(beds) * VISITS_OF_EACH


def _visited(session: Session, bed: HomeBed, worker_id: int, starts: datetime, number: int) -> None:
    whose = {"resident_id": bed.resident_id, "site_id": bed.site_id}
    visit = CareVisit(
        **whose, home_bed_id=bed.id, worker_id=worker_id, service_on=clock.day_of(starts),
        starts_at=starts, minutes=MINUTES, services=["bathing"], state=VisitState.DONE,
    )  # fmt: skip
    session.add(visit)
    session.flush()
    left = starts + timedelta(minutes=MINUTES)
    told = {"visit_id": visit.id, **whose}
    session.add(
        VisitProof(
            **told, worker_id=worker_id, arrival_key=f"demo-{visit.id}-arrived",
            leaving_key=f"demo-{visit.id}-left", arrived_at=starts, arrived_recorded_at=starts,
            arrived_x=bed.x, arrived_y=bed.y, left_at=left, left_recorded_at=left,
            tasks_done=["bathing"], confirmed_by=ConfirmedBy.TAP, confirmed_at=left,
        )
    )  # fmt: skip
    score = FACES[number % len(FACES)]
    session.add(VisitRating(**told, score=score, rated_at=left))
    if score == 1:
        asked = {"words": "来得比说好的晚", "asked_at": clock.now() - timedelta(days=1)}
        due_on = clock.today() + timedelta(days=4)
        session.add(CareWish(**told, kind=CareWishKind.COMPLAINT, due_on=due_on, **asked))
    session.flush()


def _call_back(session: Session, month: date) -> None:
    for county in session.connection().execute(COUNTIES).scalars().all():
        draw_sample(session, month, prefix=county, seed=SEED)
    session.connection().execute(ANSWER_SOME)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), clock.CITY)
