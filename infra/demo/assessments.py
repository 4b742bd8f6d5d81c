"""Ability assessments of the demo's residents: most confirmed, some run out, a few to be reviewed.

Who was assessed, and with which answers, follows from the seed and the resident's ordinal. Levels
are reckoned by the rules of the residents' context itself; the rows go in by the slice, copied
into a staging table first, as the residents do.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random

import orjson
from sqlalchemy import text
from sqlmodel import Session

from infra.demo.beginning import Beginning
from infra.demo.id_numbers import years_before
from infra.demo.residents import Person
from server import clock
from server.identity.queries import find_staff
from server.policies.queries import get_figures
from server.residents.assessments import rules
from server.residents.assessments.models import AssessmentReason, AssessmentStatus
from server.residents.assessments.scale import PRESENT, scales
from server.residents.assessments.sheet import Sheet, seal
from server.residents.models import ID_NUMBER_FIELD
from server.secrets.fields import keyring

NULL = r"\N"
# From which age on, how many of a hundred residents have been assessed.
ASSESSED = ((90, 0.80), (80, 0.50), (70, 0.18), (0, 0.06))
WAITING = 0.03
# How the points of those who are assessed spread: from, to, share so far.
SPREAD = ((90, 90, 0.15), (66, 89, 0.50), (46, 65, 0.75), (30, 45, 0.90), (0, 29, 1.0))
# The people whom a visitor meets by name: points of each, None where nobody was assessed yet.
OF_FACES: Sequence[tuple[AssessmentStatus, int] | None] = (
    (AssessmentStatus.SUBMITTED, 78),
    (AssessmentStatus.CONFIRMED, 71),
    (AssessmentStatus.CONFIRMED, 54),
    (AssessmentStatus.CONFIRMED, 90),
    None,
)
DIAGNOSES = ("F00", "F03", "F32.1")
HAS_DIAGNOSIS, HAS_EVENTS, HAS_EARLIER = 0.08, 0.10, 0.25

STAGING = """
    CREATE TEMPORARY TABLE IF NOT EXISTS incoming_assessment (
        digest bytea, reason text, assessed_on date, assessor_id bigint, status text,
        self_care int, movement int, mind int, senses int, total int,
        initial_level text, final_level text, figures jsonb, submitted_at timestamptz,
        reviewed_by bigint, reviewed_at timestamptz, starts_on date, ends_on date,
        sheet_cipher bytea, sheet_digest bytea
    ) ON COMMIT DROP
"""
COPY = "COPY incoming_assessment FROM STDIN"
INSERT = """
    WITH made AS (
        INSERT INTO assessment (
            resident_id, scale_version, reason, assessed_on, assessor_id, status, self_care,
            movement, mind, senses, total, initial_level, final_level, figures, submitted_at,
            reviewed_by, reviewed_at, starts_on, ends_on)
        SELECT r.id, :scale, i.reason, i.assessed_on, i.assessor_id, i.status, i.self_care,
               i.movement, i.mind, i.senses, i.total, i.initial_level, i.final_level, i.figures,
               i.submitted_at, i.reviewed_by, i.reviewed_at, i.starts_on, i.ends_on
          FROM incoming_assessment i JOIN resident r ON r.id_number_digest = i.digest
         WHERE NOT EXISTS (SELECT 1 FROM assessment a WHERE a.resident_id = r.id)
         ORDER BY r.id, i.assessed_on
        RETURNING id, resident_id, assessed_on
    ), answered AS (
        INSERT INTO assessment_sheet (assessment_id, sheet_cipher, sheet_digest)
        SELECT made.id, i.sheet_cipher, i.sheet_digest
          FROM made JOIN resident r ON r.id = made.resident_id
          JOIN incoming_assessment i
            ON i.digest = r.id_number_digest AND i.assessed_on = made.assessed_on
    )
    SELECT count(*) FROM made
"""
ARE_THERE_ANY = text("SELECT EXISTS (SELECT 1 FROM assessment)")


@dataclass(frozen=True)
class Crew:
    """Who assesses in the demo, who reviews, and by which figures."""

    community: int
    community_village: str
    county: int
    city: int
    validity_months: int
    most_steps: int
    figures: str


@dataclass(frozen=True)
class Made:
    """One made-up assessment, ready to be copied."""

    person: Person
    status: AssessmentStatus
    assessed_on: date
    sheet: Sheet
    outcome: rules.Outcome
    ends_before: date | None = None
    reason: AssessmentReason = AssessmentReason.FIRST


def are_there_any(session: Session) -> bool:
    """True where the city has an assessment already."""
    return bool(session.connection().execute(ARE_THERE_ANY).scalar())


def find_crew(session: Session, beginning: Beginning, village: str) -> Crew | None:
    """Return the demo's staff for assessments, None where one of them was renamed or left."""
    staff = [find_staff(session, name) for name in ("community", "county", "city")]
    ids = [member.id for member in staff if member is not None and member.id is not None]
    if len(ids) < len(staff):
        return None
    figures = get_figures(session, rules.FIGURES_OF_AN_ASSESSMENT, on=beginning.day)
    named = orjson.dumps({key: figure.parameter_id for key, figure in figures.items()}).decode()
    months, steps = (figures[key].value for key in (rules.VALIDITY_MONTHS, rules.MOST_STEPS))
    return Crew(ids[0], village, ids[1], ids[2], months, steps, named)


def put_assessments(
    session: Session, beginning: Beginning, people: Iterable[Person], crew: Crew
) -> int:
    """Assess these residents as far as they were not; returns how many assessments are new."""
    connection = session.connection()
    connection.execute(text(STAGING))
    connection.execute(text("TRUNCATE incoming_assessment"))
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor, cursor.copy(COPY) as copy:
        for person in people:
            for made in _made_of(beginning, person, crew):
                copy.write(_line(made, crew).encode())
    return int(connection.execute(text(INSERT), {"scale": PRESENT}).scalar_one())


def _made_of(beginning: Beginning, person: Person, crew: Crew) -> Iterator[Made]:
    chance = Random(f"{beginning.seed}/assessments/{person.ordinal}")
    planned = _planned(chance, beginning, person)
    if planned is None:
        return
    status, total = planned
    assessed_on = beginning.day - timedelta(days=_days_ago(chance, person, status))
    latest = _make(chance, person, status, assessed_on, total, crew)
    if status == AssessmentStatus.CONFIRMED and chance.random() < HAS_EARLIER:
        before_on = assessed_on - timedelta(days=chance.randint(200, 400))
        before_total = min(90, total + chance.randint(0, 12))
        before = _make(chance, person, status, before_on, before_total, crew)
        yield replace(before, ends_before=_confirmed_on(latest))
        latest = replace(latest, reason=AssessmentReason.ROUTINE)
    yield latest


def _planned(
    chance: Random, beginning: Beginning, person: Person
) -> tuple[AssessmentStatus, int] | None:
    if person.ordinal < len(OF_FACES):
        return OF_FACES[person.ordinal]
    luck, points = chance.random(), chance.random()
    share = next(share for age, share in ASSESSED if _is_at_least(person, age, beginning.day))
    low, high = next((low, high) for low, high, upto in SPREAD if points <= upto)
    total = chance.randint(low, high)
    if luck < share:
        return AssessmentStatus.CONFIRMED, total
    return (AssessmentStatus.SUBMITTED, total) if luck > 1 - WAITING else None


def _is_at_least(person: Person, age: int, day: date) -> bool:
    return person.born_on <= years_before(day, age)


def _days_ago(chance: Random, person: Person, status: AssessmentStatus) -> int:
    """A waiting one is a few days old; of the confirmed ones some have run out, but no face's."""
    if status != AssessmentStatus.CONFIRMED:
        return chance.randint(1, 9)
    return chance.randint(12, 100 if person.ordinal < len(OF_FACES) else 400)


def _make(
    chance: Random, person: Person, status: AssessmentStatus, day: date, total: int, crew: Crew
) -> Made:
    scale = scales()[PRESENT]
    diagnoses = [chance.choice(DIAGNOSES)] if chance.random() < HAS_DIAGNOSIS else []
    events = {"fall": chance.randint(1, 3)} if chance.random() < HAS_EVENTS else {}
    sheet = Sheet(_points(chance, total), diagnoses=diagnoses, events=events)
    outcome = rules.judge(scale, sheet.points, sheet.grounds, most_steps=crew.most_steps)
    counted = replace(sheet, adjustments=list(outcome.adjustments))
    return Made(person, status, day, counted, outcome)


def _points(chance: Random, total: int) -> Mapping[str, int]:
    """Return answers of so many points, taken from items here and there."""
    points = {code: item.most for code, item in scales()[PRESENT].items.items()}
    left = sum(points.values()) - total
    while left:
        for code in chance.sample(list(points), len(points)):
            taken = min(left, chance.randint(0, points[code]))
            points[code] -= taken
            left -= taken
    return points


def _confirmed_on(made: Made) -> date:
    return made.assessed_on + timedelta(days=1 + made.person.ordinal % 10)


def _line(made: Made, crew: Crew) -> str:
    """One row for COPY; nothing that is made up here holds a tab, a newline or a backslash."""
    sealed = seal(made.sheet)
    outcome, sums = made.outcome, made.outcome.tally.sums
    digest = keyring().digest(made.person.id_number, ID_NUMBER_FIELD)
    fields = [
        f"\\\\x{digest.hex()}",
        made.reason.value,
        made.assessed_on,
        _assessor(made, crew),
        made.status.value,
        *(sums[name] for name in ("self_care", "movement", "mind", "senses")),
        outcome.tally.total,
        outcome.initial.value,
        outcome.final.value,
        crew.figures,
        _at(made.assessed_on, time(17)),
        *_review(made, crew),
        f"\\\\x{sealed.sheet_cipher.hex()}",
        f"\\\\x{sealed.sheet_digest.hex()}",
    ]
    return "\t".join(map(str, fields)) + "\n"


def _review(made: Made, crew: Crew) -> Sequence[object]:
    """Who confirmed it, when, and for which days; nothing where it waits."""
    if made.status != AssessmentStatus.CONFIRMED:
        return [NULL] * 4
    starts_on = _confirmed_on(made)
    ends_on = rules.months_after(made.assessed_on, crew.validity_months)
    if made.ends_before is not None:
        ends_on = min(ends_on, made.ends_before)
    return [crew.city, _at(starts_on, time(10)), starts_on, ends_on]


def _assessor(made: Made, crew: Crew) -> int:
    is_own_village = made.person.village_code == crew.community_village
    return crew.community if is_own_village else crew.county


def _at(day: date, hour: time) -> str:
    return datetime.combine(day, hour, clock.CITY).isoformat()
