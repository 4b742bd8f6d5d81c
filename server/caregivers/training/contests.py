"""职业技能竞赛: who enters, the scores, and from when on the ranks stand."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, or_, select
from sqlmodel import Session, col

from server import clock
from server.caregivers.models import Caregiver
from server.caregivers.training.errors import AlreadyEnrolled, ContestOver, ContestScoresMissing
from server.caregivers.training.models import ContestEntrant, SkillsContest
from server.caregivers.training.rules import ranks_of
from server.db.refusals import all_or_nothing, refusing
from server.db.sessions import actor_of, reaching_everywhere
from server.db.tables import table_of
from server.errors import NotFound
from server.identity.roles import Reach
from server.providers.models import Site

SHOWN_AT_MOST = 500


def put_contest(session: Session, *, division_code: str, **facts: Any) -> SkillsContest:
    """Put a contest up."""
    contest = SkillsContest(
        division_code=division_code,
        created_at=clock.now(),
        created_by=actor_of(session).staff_id,
        **facts,
    )
    session.add(contest)
    session.flush()
    return contest


@all_or_nothing
def enter_caregivers(session: Session, contest_id: int, caregiver_ids: Sequence[int]) -> int:
    """Enter these; returns how many. Raises `ContestOver`, `AlreadyEnrolled`, `NotFound`."""
    _open(session, contest_id)
    asked: Any = (
        select(col(Caregiver.id), col(Caregiver.name), col(Site.name).label("site_name"))
        .join(Site, col(Site.id) == col(Caregiver.keeper_site_id))
        .where(col(Caregiver.id).in_(caregiver_ids))
    )
    found = session.execute(asked).all()
    if not found or len(found) != len(set(caregiver_ids)):
        raise NotFound()
    with refusing(session, {"pk_contest_entrant": AlreadyEnrolled()}):
        session.add_all(
            ContestEntrant(
                contest_id=contest_id, caregiver_id=row.id, name=row.name, site_name=row.site_name
            )
            for row in found
        )
    return len(found)


@all_or_nothing
def note_scores(
    session: Session, contest_id: int, scores: Mapping[int, tuple[int | None, str]]
) -> None:
    """Note scores in hundredths and awards by caregiver; raises `ContestOver`, `NotFound`."""
    _open(session, contest_id)
    own_id = actor_of(session).staff_id
    entrants = {one.caregiver_id: one for one in _entrants(session, contest_id)}
    if not scores.keys() <= entrants.keys():
        raise NotFound()
    for caregiver_id, (score, award) in scores.items():
        one = entrants[caregiver_id]
        one.score_hundredths, one.award, one.entered_by = score, award.strip(), own_id
    session.flush()


@all_or_nothing
def publish_ranks(session: Session, contest_id: int) -> int:
    """Let the ranks stand; returns how many have one.

    Raises `ContestOver`, `ContestScoresMissing`, `NotFound`.
    """
    contest = _open(session, contest_id)
    entrants = _entrants(session, contest_id)
    scores = {
        one.caregiver_id: one.score_hundredths
        for one in entrants
        if one.score_hundredths is not None
    }
    if not scores:
        raise ContestScoresMissing()
    ranks = ranks_of(scores)
    for one in entrants:
        one.rank = ranks.get(one.caregiver_id)
    contest.published_at = clock.now()
    session.flush()
    return len(ranks)


def list_contests(session: Session, reach: Reach) -> Sequence[Row[Any]]:
    """Return the contests of whoever looks: their own places' and those above; latest first."""
    query = (
        select(table_of(SkillsContest))
        .where(_concerns(reach))
        .order_by(col(SkillsContest.held_on).desc(), col(SkillsContest.id))
    )
    return session.execute(query.limit(SHOWN_AT_MOST)).all()


def get_contest(session: Session, contest_id: int, reach: Reach) -> SkillsContest:
    """Return one of these; raises `NotFound`."""
    query = select(SkillsContest).where(col(SkillsContest.id) == contest_id, _concerns(reach))
    found: SkillsContest | None = session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound()
    return found


def _concerns(reach: Reach) -> ColumnElement[bool]:
    """A county's contest concerns its homes and offices, a city's all of the city."""
    code = col(SkillsContest.division_code)
    above = [one[:digits] for one in reach.prefixes for digits in (4, 6, 9, 12)]
    beneath = (code.startswith(one, autoescape=True) for one in reach.prefixes)
    of_site = select(col(Site.id)).where(
        col(Site.id).in_(reach.site_ids), col(Site.division_code).startswith(code)
    )
    return or_(code.in_(above), of_site.exists(), *beneath)


def list_entrants(session: Session, contest_id: int) -> Sequence[Row[Any]]:
    """Return the entrants in sight, by rank, then by name."""
    table = table_of(ContestEntrant)
    query = select(table).where(table.c.contest_id == contest_id)
    return session.execute(
        query.order_by(table.c.rank.nulls_last(), table.c.name, table.c.caregiver_id)
    ).all()


def list_own_ranks(session: Session, caregiver_id: int) -> Sequence[Row[Any]]:
    """Return the contests of a caregiver whose ranks stand, the latest first."""
    contest, entrant = table_of(SkillsContest), table_of(ContestEntrant)
    query = (
        select(contest.c.name, contest.c.level, contest.c.held_on, entrant.c.rank, entrant.c.award,
               entrant.c.score_hundredths)
        .join(entrant, entrant.c.contest_id == contest.c.id)
        .where(entrant.c.caregiver_id == caregiver_id, contest.c.published_at.is_not(None))
    )  # fmt: skip
    return session.execute(query.order_by(contest.c.held_on.desc(), contest.c.id)).all()


def _entrants(session: Session, contest_id: int) -> Sequence[ContestEntrant]:
    """All of them, also of homes that the actor may not look into: ranks are over everybody."""
    query = select(ContestEntrant).where(col(ContestEntrant.contest_id) == contest_id)
    with reaching_everywhere(session):
        return session.execute(query.order_by(col(ContestEntrant.caregiver_id))).scalars().all()


def _open(session: Session, contest_id: int) -> SkillsContest:
    query = select(SkillsContest).where(col(SkillsContest.id) == contest_id).with_for_update()
    contest: SkillsContest | None = session.execute(
        query, execution_options={"populate_existing": True}
    ).scalar_one_or_none()
    if contest is None:
        raise NotFound()
    if contest.published_at is not None:
        raise ContestOver()
    return contest
