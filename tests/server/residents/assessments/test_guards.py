"""What the database itself refuses of an assessment, and who may see it beneath every query."""

from itertools import pairwise

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from server.db import sessions
from server.db.acts import Act, Face, acting
from server.identity.models import Role
from server.residents.assessments import service
from server.residents.assessments.errors import AssessmentUnderWay
from tests.cities import OTHER_COUNTY_VILLAGE, VILLAGE
from tests.concurrency.racing import as_owner, look, race
from tests.factories.assessments import Office, begin, confirm, hand_in
from tests.factories.meals import make_canteen
from tests.factories.people import make_account, make_resident, make_sign_in, make_staff

PLATFORM = Act(Face.COMMAND, "tests", "test", service=True)
COLUMNS = (
    "resident_id, scale_version, reason, assessed_on, assessor_id, status, self_care, movement,"
    " mind, senses, total, initial_level, final_level, submitted_at, reviewed_by, reviewed_at,"
    " starts_on, ends_on"
)
SOUND = {
    "resident_id": ":resident", "scale_version": "'x'", "reason": "'first'",
    "assessed_on": "'2026-01-01'", "assessor_id": ":assessor", "status": "'confirmed'",
    "self_care": "32", "movement": "15", "mind": "28", "senses": "15", "total": "90",
    "initial_level": "'intact'", "final_level": "'intact'", "submitted_at": "'2026-01-01'",
    "reviewed_by": ":reviewer", "reviewed_at": "'2026-01-02'",
    "starts_on": "'2026-01-02'", "ends_on": "'2027-01-01'",
}  # fmt: skip


@pytest.fixture
def people(session, resident, assessor, reviewer):
    """Who stands in the rows that plain SQL writes."""
    return {
        "resident": resident.id,
        "assessor": assessor.staff.id,
        "reviewer": reviewer.staff.id,
    }


def put(session, people, **changed):
    """Write an assessment by plain SQL, as an import or a mistake would."""
    values = SOUND | changed
    statement = f"INSERT INTO assessment ({COLUMNS}) VALUES ({', '.join(values.values())})"
    session.execute(text(statement), people)


def test_a_sound_row_is_taken(session, people):
    put(session, people)


@pytest.mark.parametrize(
    ("constraint", "changed"),
    [
        ("ck_assessment_reviewed_by_another", {"reviewed_by": ":assessor"}),
        ("ck_assessment_total_is_the_sum", {"total": "89"}),
        ("ck_assessment_sums_fit_the_scale", {"self_care": "33", "total": "91"}),
        ("ck_assessment_sums_fit_the_scale", {"senses": "-1", "total": "74"}),
        ("ck_assessment_submitted_is_whole", {"final_level": "NULL"}),
        ("ck_assessment_reviewed_by_somebody", {"reviewed_by": "NULL"}),
        ("ck_assessment_confirmed_has_its_days", {"starts_on": "NULL", "ends_on": "NULL"}),
        ("ck_assessment_confirmed_has_its_days", {"status": "'submitted'"}),
        ("ck_assessment_ends_after_start", {"ends_on": "'2026-01-02'"}),
        ("ck_assessment_days_fit_the_fold", {"ends_on": "'2170-01-01'"}),
        ("ck_assessment_finallevel", {"final_level": "'good'"}),
    ],
)
def test_an_unsound_row_is_refused(session, people, constraint, changed):
    with pytest.raises(DBAPIError, match=constraint):
        put(session, people, **changed)


@pytest.mark.parametrize("first_day", ["2025-06-01", "2026-01-02", "2026-12-31"])
def test_two_levels_never_hold_on_one_day(session, people, first_day):
    put(session, people)

    with pytest.raises(DBAPIError, match="ex_assessment_one_level_a_day"):
        put(session, people, starts_on=f"'{first_day}'", ends_on="'2027-06-01'")


def test_levels_may_follow_each_other_without_a_gap(session, people):
    put(session, people)
    put(session, people, starts_on="'2027-01-01'", ends_on="'2027-06-01'")


CHANGES_OF_WHAT_STANDS = (
    "UPDATE assessment SET total = 60, mind = 0, senses = 13",
    "UPDATE assessment SET final_level = 'total'",
    "UPDATE assessment SET status = 'draft', starts_on = NULL, ends_on = NULL",
    "UPDATE assessment SET status = 'withdrawn', starts_on = NULL, ends_on = NULL",
    "UPDATE assessment SET ends_on = ends_on + 1",
    "UPDATE assessment SET starts_on = starts_on - 1",
    "UPDATE assessment SET reviewed_by = NULL",
    "UPDATE assessment SET reviewed_at = '2020-01-01'",
    "UPDATE assessment_sheet SET sheet_cipher = ''",
)


@pytest.mark.parametrize("statement", CHANGES_OF_WHAT_STANDS)
def test_not_even_the_platform_changes_what_is_confirmed(
    session, assessor, reviewer, resident, statement
):
    confirm(reviewer, hand_in(assessor, resident.id))

    with pytest.raises(DBAPIError, match=r"only ends sooner|stand|does not become"):
        session.execute(text(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE assessment SET total = total - 1, self_care = self_care - 1",
        "UPDATE assessment SET assessed_on = assessed_on - 1",
        "UPDATE assessment SET status = 'draft'",
        "UPDATE assessment_sheet SET sheet_digest = ''",
    ],
)
def test_nor_what_waits_for_a_review(session, assessor, resident, statement):
    hand_in(assessor, resident.id)

    with pytest.raises(DBAPIError, match=r"stand|does not become"):
        session.execute(text(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM assessment",
        "DELETE FROM assessment_sheet",
        "UPDATE assessment SET resident_id = resident_id",
        "UPDATE assessment SET assessor_id = assessor_id",
        "UPDATE assessment SET scale_version = 'MZ/T 039-2013'",
        "UPDATE assessment_sheet SET assessment_id = assessment_id",
        "DROP TRIGGER guard ON assessment",
    ],
)
def test_whose_it_is_and_by_which_scale_never_changes(session, assessor, resident, statement):
    begin(assessor, resident.id)

    with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
        session.execute(text(statement))


class TestInSomebodysName:
    """Plain SQL by someone who is signed in."""

    def refused(self, office, statement, **values):
        with (
            pytest.raises(DBAPIError, match=r"signed by|filled in by|draft of its assessor"),
            office.at_work() as work,
        ):
            work.execute(text(statement), values)

    def test_nobody_signs_for_another(self, session, assessor, reviewer, resident):
        hand_in(assessor, resident.id)
        third = Office(session)
        session.commit()

        self.refused(
            reviewer,
            "UPDATE assessment SET status = 'confirmed', reviewed_by = :third,"
            " reviewed_at = '2026-11-22', starts_on = '2026-11-22', ends_on = '2027-11-22'",
            third=third.staff.id,
        )

    def test_nobody_assesses_in_anothers_name(self, people, reviewer):
        values = ", ".join((SOUND | {"status": "'draft'"}).values())
        statement = f"INSERT INTO assessment ({COLUMNS}) VALUES ({values})"

        with pytest.raises(DBAPIError, match="draft of its assessor"), reviewer.at_work() as work:
            work.execute(text(statement), people)

    def test_nobody_fills_in_for_another(self, reviewer, assessor, resident):
        begin(assessor, resident.id)

        self.refused(reviewer, "UPDATE assessment SET reason = 'other'")


class House:
    """Two residents in two counties, each with a confirmed assessment, and all who might look."""

    def __init__(self, session):
        near = make_resident(session)
        far = make_resident(session, village_code=OTHER_COUNTY_VILLAGE)
        self.near, self.far = near.id, far.id
        canteen = make_canteen(session)
        session.execute(
            text("INSERT INTO care_link (resident_id, site_id, starts_on, ends_on)"
                 " VALUES (:near, :site, '2020-01-01', '2160-01-01')"),
            {"near": near.id, "site": canteen.site_id},
        )  # fmt: skip
        self.token_of = {
            "account": make_sign_in(session, account=make_account(session, near)),
            "cook": self._staff(session, Role.CANTEEN_STAFF, site_id=canteen.site_id),
            "administrator": self._staff(session, Role.ADMINISTRATOR, division_code="1405"),
            "other county": self._staff(session, Role.COUNTY_OFFICER, division_code="140521"),
            "city": self._staff(session, Role.CITY_OFFICER, division_code="1405"),
        }
        self.offices = [
            (Office(session, Role.COMMUNITY_WORKER, village), Office(session, division_code=county))
            for village, county in ((VILLAGE, "140502"), (OTHER_COUNTY_VILLAGE, "140521"))
        ]

    def _staff(self, session, role, **scope):
        return make_sign_in(session, staff=make_staff(session, role, **scope))

    def assess(self):
        ids = (self.near, self.far)
        for resident_id, (assessor, reviewer) in zip(ids, self.offices, strict=True):
            confirm(reviewer, hand_in(assessor, resident_id))


@pytest.fixture
def house(own_city):
    with acting(PLATFORM), sessions.transaction() as session:
        house = House(session)
    house.assess()
    return house


@pytest.mark.parametrize(
    ("who", "levels", "sheets"),
    [
        ("account", ["near"], 0),
        ("cook", ["near"], 0),
        ("administrator", [], 0),
        ("other county", ["far"], 1),
        ("city", ["near", "far"], 2),
    ],
)
def test_levels_are_seen_with_the_resident_and_answers_by_offices_alone(house, who, levels, sheets):
    with (
        acting(Act(Face.CONSOLE, "tests", "test", token=house.token_of[who])),
        sessions.transaction(writes=False) as session,
    ):
        seen = set(session.execute(text("SELECT resident_id FROM assessment")).scalars())
        read = session.execute(text("SELECT count(*) FROM assessment_sheet")).scalar_one()

    assert seen == {getattr(house, name) for name in levels}
    assert read == sheets


def test_plain_sql_sees_no_assessment(house, own_city):
    engine = create_engine(own_city.app_url)
    with engine.connect() as connection:
        for table in ("assessment", "assessment_sheet"):
            found = connection.execute(text(f"SELECT count(*) FROM city_1405.{table}"))
            assert found.scalar_one() == 0
    engine.dispose()


def test_an_account_makes_itself_no_level(house):
    with (
        acting(Act(Face.PHONE, "tests", "test", token=house.token_of["account"])),
        pytest.raises(DBAPIError, match=r"row-level security|draft of its assessor"),
        sessions.transaction() as session,
    ):
        session.execute(text("UPDATE assessment SET ends_on = ends_on - 1"))


def test_the_trail_tells_that_answers_changed_and_not_what_they_are(house, own_city):
    bodies = [
        body
        for (body,) in look(
            own_city, "SELECT body FROM trail_entry WHERE table_name LIKE 'assessment%'"
        )
    ]

    assert any('"table": "assessment_sheet"' in body for body in bodies)
    assert any('"status": "confirmed"' in body for body in bodies)
    assert all("sheet_cipher" not in body and "note_cipher" not in body for body in bodies)


def begin_by_all(house, count=8):
    """Everybody at the county begins an assessment of the same resident at the same moment."""
    with acting(PLATFORM), sessions.transaction() as session:
        resident = make_resident(session)
        offices = [Office(session) for _ in range(count)]
        resident_id = resident.id

    def start(office):
        begin(office, resident_id)
        return "begun"

    return race(offices, start)


def test_of_many_who_begin_at_once_one_does(house):
    outcomes = begin_by_all(house)

    assert outcomes == {"begun": 1, AssessmentUnderWay.__name__: 7}


def test_without_the_constraint_several_would(house, own_city):
    as_owner(own_city, "DROP INDEX uq_assessment_one_open")

    assert begin_by_all(house)["begun"] > 1


def test_of_many_who_confirm_at_once_one_does(house, own_city):
    with acting(PLATFORM), sessions.transaction() as session:
        resident_id = make_resident(session).id
        reviewers = [Office(session) for _ in range(6)]
        assessor = Office(session, Role.COMMUNITY_WORKER, VILLAGE)
    assessment_id = hand_in(assessor, resident_id)

    def settle(office):
        with office.at_work() as work:
            return service.confirm_assessment(work, assessment_id).status.value

    assert race(reviewers, settle) == {"confirmed": 1, "AssessmentNotOpen": 5}
    assert look(own_city, f"SELECT count(*) FROM assessment WHERE resident_id = {resident_id}") == [
        (1,)
    ]


def test_two_results_confirmed_at_once_never_hold_on_one_day(house, own_city):
    """Two open assessments should not be; where they are, the days still keep them apart."""
    for _ in range(3):
        outcomes, levels = confirm_two_at_once(own_city)

        assert outcomes["confirmed"] == len(levels)
        assert no_day_has_two(levels)


def test_without_the_exclusion_they_would(house, own_city):
    as_owner(own_city, "ALTER TABLE assessment DROP CONSTRAINT ex_assessment_one_level_a_day")

    assert any(not no_day_has_two(confirm_two_at_once(own_city)[1]) for _ in range(20))


def confirm_two_at_once(own_city):
    as_owner(own_city, "DROP INDEX IF EXISTS uq_assessment_one_open")
    with acting(PLATFORM), sessions.transaction() as session:
        resident_id = make_resident(session).id
        reviewers = [Office(session) for _ in range(2)]
        assessor = Office(session, Role.COMMUNITY_WORKER, VILLAGE)
    waiting = [hand_in(assessor, resident_id) for _ in reviewers]

    def settle(pair):
        office, assessment_id = pair
        with office.at_work() as work:
            return service.confirm_assessment(work, assessment_id).status.value

    outcomes = race(list(zip(reviewers, waiting, strict=True)), settle)
    return outcomes, look(
        own_city,
        "SELECT starts_on, ends_on FROM assessment"
        f" WHERE resident_id = {resident_id} AND status = 'confirmed' ORDER BY 1",
    )


def no_day_has_two(levels):
    return all(one[1] <= other[0] for one, other in pairwise(levels))
