"""Beds at home of the demo: some in each stage of the way, and some that serve."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from infra.demo.home_devices import devices_of
from infra.demo.sites import FIRST_HOME_CARE
from server import clock
from server.db.tables import Table
from server.facilities.referrals.models import RequestedBy
from server.facilities.stays.knowing import STILL_HERE, let_site_know
from server.homecare.beds import serving
from server.homecare.beds.models import (
    HomeBedAcceptance,
    HomeBedAgreement,
    HomeBedBuild,
    HomeBedMove,
    HomeBedNotice,
)
from server.homecare.beds.steps import STEP_DAYS
from server.homecare.models import HomeBed, HomeBedState
from server.homecare.states import ON_THE_WAY, Step
from server.homecare.stepping import due_on

SERVING = 20
DAYS_IN_A_STAGE = 4
WAY_OF_STEPS = (
    Step.APPLY, Step.TAKE_UP, Step.PASS_PRECHECK, Step.OPEN_NOTICE, Step.CLOSE_NOTICE, Step.SIGN,
    Step.BUILD,
)  # fmt: skip
S = HomeBedState
# Those whom every office of the demo can move on.
FIRST = (S.SIGNING, S.APPLIED, S.ACCEPTANCE, S.NOTICE, S.SERVING)

ARE_THERE_ANY = text("SELECT EXISTS (SELECT 1 FROM home_bed)")
PROVIDER = text("SELECT id, division_code FROM site WHERE source_key = :key")
ACCEPTORS = text(
    "SELECT s.id FROM staff s WHERE s.sign_in_name IN ('community', 'county') ORDER BY s.id"
)
# Mild or worse, and at home: first of the village of the demo's community worker, then of the
# provider's county. Parents of the demo's helpers are left, so that one can apply for them.
PEOPLE = text(
    """
    SELECT r.id, r.name FROM resident r
      JOIN assessment a ON a.resident_id = r.id AND a.status = 'confirmed'
       AND a.starts_on <= :today AND a.ends_on > CAST(:today AS date) + 30
       AND a.final_level <> 'intact'
     WHERE r.died_on IS NULL AND r.moved_away_on IS NULL
       AND r.merged_into_id IS NULL
       AND NOT EXISTS (SELECT 1 FROM stay s
                        WHERE s.resident_id = r.id AND s.status IN ('held', 'staying', 'away'))
       AND NOT EXISTS (SELECT 1 FROM resident_grant g
                        WHERE g.resident_id = r.id AND g.kind = 'helper')
     ORDER BY r.village_code IN (SELECT o.division_code FROM staff_role o
                                 WHERE o.role = 'community_worker') DESC,
              left(r.village_code, 6) = :county DESC, r.village_code, r.id
     LIMIT :limit
    """
)


def are_home_beds_there(session: Session) -> bool:
    """True for a demo that has beds at home already."""
    return bool(session.connection().execute(ARE_THERE_ANY).scalar_one())


def put_home_beds(session: Session) -> int:
    """Put beds in each stage down, once; returns how many."""
    provider = session.connection().execute(PROVIDER, {"key": FIRST_HOME_CARE}).one_or_none()
    if provider is None or are_home_beds_there(session):
        return 0
    stages = [*FIRST, *ON_THE_WAY, *[S.SERVING] * SERVING]
    values = {
        "today": clock.today(),
        "county": provider.division_code[:6],
        "limit": len(stages),
    }
    people = session.connection().execute(PEOPLE, values).all()
    for person, stage in zip(people, stages, strict=False):
        _put(session, provider.id, person, stage)
    return len(people)


def _put(session: Session, site_id: int, person: Row[Any], stage: HomeBedState) -> None:
    is_serving = stage is S.SERVING
    reached = S.ACCEPTANCE if is_serving else stage
    has_provider = reached not in (S.APPLIED, S.PRECHECK, S.ASSESSMENT)
    bed = HomeBed(
        resident_id=person.id,
        site_id=site_id if has_provider else None,
        state=reached,
        since=clock.today(),
        due_on=due_on(session, STEP_DAYS, reached, clock.today()),
        requested_by=RequestedBy.STAFF,
        applied_at=clock.now() - timedelta(days=DAYS_IN_A_STAGE * len(WAY_OF_STEPS)),
    )
    session.add(bed)
    session.flush()
    session.add_all(_written_down(session, bed, person, is_serving=is_serving))
    if reached is S.ACCEPTANCE:
        session.add_all(devices_of(bed, is_serving=is_serving))
    session.flush()
    if has_provider and reached is not S.NOTICE:
        let_site_know(session, person.id, site_id, until=STILL_HERE)
    if is_serving:
        serving.begin(session, bed.id or 0)


def _written_down(
    session: Session, bed: HomeBed, person: Row[Any], *, is_serving: bool
) -> Iterator[Table]:
    """What the bed's way has left behind so far."""
    of: dict[str, Any] = {"home_bed_id": bed.id, "resident_id": person.id}
    done, today = ON_THE_WAY.index(bed.state), clock.today()
    yield from _moves(of, done)
    if done >= ON_THE_WAY.index(S.NOTICE):
        starts = today - timedelta(days=1 if bed.state is S.NOTICE else 3)
        yield HomeBedNotice(**of, starts_on=starts, ends_on=starts + timedelta(days=3))
    if done >= ON_THE_WAY.index(S.BUILDING):
        yield _agreement(of, bed, person)
    if done >= ON_THE_WAY.index(S.ACCEPTANCE):
        yield _build(of, bed)
    if is_serving:
        acceptors: Sequence[int] = session.connection().execute(ACCEPTORS).scalars().all()
        for place, staff_id in enumerate(acceptors, 1):
            yield HomeBedAcceptance(**of, place=place, staff_id=staff_id, accepted_at=clock.now())


def _moves(of: dict[str, Any], done: int) -> Iterator[HomeBedMove]:
    for number, step in enumerate(WAY_OF_STEPS[: done + 1]):
        ago = timedelta(days=DAYS_IN_A_STAGE * (done + 1 - number))
        yield HomeBedMove(
            **of,
            step=step,
            from_state=ON_THE_WAY[number - 1] if number else None,
            to_state=ON_THE_WAY[number],
            at=clock.now() - ago,
        )


def _agreement(of: dict[str, Any], bed: HomeBed, person: Row[Any]) -> HomeBedAgreement:
    today = clock.today()
    return HomeBedAgreement(
        **of,
        site_id=bed.site_id,
        starts_on=today,
        ends_on=today + timedelta(days=365),
        monthly_fee_fen=180_000,
        own_pay_fen=60_000,
        signed_by=person.name,
        signed_on=today,
    )


def _build(of: dict[str, Any], bed: HomeBed) -> HomeBedBuild:
    return HomeBedBuild(
        **of,
        cost_fen=300_000,
        invoice_ref=f"示范{bed.id:08d}",
        installed_on=clock.today(),
        inventory="一键呼叫器、烟感、燃气报警器、床边护栏",
        recorded_at=clock.now(),
    )
