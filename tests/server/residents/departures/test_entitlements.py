"""A departure ends level, drafts and what depends on the person; a mistake brings them back."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from server import clock
from server.db import sessions
from server.db.acts import Act, Face, acting
from server.residents import grants, registering
from server.residents.departures.models import DepartureKind
from server.residents.departures.service import report_departure, reverse_departure
from server.residents.errors import ResidentGone
from server.residents.facts.models import (
    CareInsurance,
    CareScheme,
    DisabilityCategory,
    DisabilityCertificate,
    GuardianBasis,
    Guardianship,
    Hukou,
    HukouKind,
    Incapacity,
    PayeeAccount,
)
from server.residents.models import HardshipTier, Relation, SpecialCare
from tests.cities import VILLAGE
from tests.factories import assessments
from tests.factories.people import LONG_AGO, make_resident

PLATFORM = Act(Face.COMMAND, "tests", "test", service=True)
TODAY = clock.today()
TOMORROW = TODAY + timedelta(days=1)
FACTS = ("care_insurance", "disability_certificate", "guardianship", "hukou", "payee_account")


class Home:
    """A mother of whom everything is noted, who was assessed and is being assessed again."""

    def __init__(self, session):
        self.mother = make_resident(session).id
        self.office = assessments.Office(session)
        self.reviewer = assessments.Office(session)
        of_her = {"resident_id": self.mother, "starts_on": LONG_AGO}
        session.add_all(
            [
                CareInsurance(**of_her, scheme=CareScheme.EMPLOYEE, level=4),
                DisabilityCertificate(**of_her, category=DisabilityCategory.VISION, grade=1),
                Guardianship(
                    **of_her,
                    incapacity=Incapacity.LIMITED,
                    basis=GuardianBasis.STATUTORY,
                    guardian_name="王丽",
                    relation=Relation.CHILD,
                    phone="+8613900001234",
                ),
                Hukou(**of_her, kind=HukouKind.UNIFIED, division_code=VILLAGE),
                PayeeAccount(
                    **of_her,
                    bank="农商行",
                    account_cipher=b"x",
                    account_digest=b"x",
                    last_four="0018",
                    holder_name="李秀英",
                ),
            ]
        )

    def assess(self):
        first = assessments.hand_in(self.office, self.mother, days_ago=40)
        assessments.confirm(self.reviewer, first)
        return first, assessments.hand_in(self.office, self.mother, note="病情变化")

    def report(self, kind):
        with self.office.at_work() as session:
            report_departure(session, resident_id=self.mother, kind=kind, happened_on=TODAY)

    def take_back(self):
        [(departure,)] = rows("SELECT id FROM departure")
        with self.office.at_work() as session:
            return reverse_departure(session, departure, reason="报错了人")


@pytest.fixture
def home(own_city):
    with acting(PLATFORM), sessions.transaction() as session:
        return Home(session)


def rows(query):
    with acting(PLATFORM), sessions.transaction() as session:
        return session.execute(text(query)).all()


def ends():
    return {table: rows(f"SELECT ends_on FROM {table}")[0][0] for table in FACTS}


def test_a_death_ends_what_depends_on_the_person_and_not_what_is_still_owed(home):
    home.report(DepartureKind.DIED)

    assert ends() == dict.fromkeys(FACTS[:3], TOMORROW) | dict.fromkeys(FACTS[3:])


def test_whoever_moves_away_takes_certificate_and_guardian_along(home):
    home.report(DepartureKind.MOVED_AWAY)

    assert ends() == dict.fromkeys(FACTS, None) | {"care_insurance": TOMORROW}


@pytest.mark.parametrize("kind", list(DepartureKind))
def test_a_mistake_brings_every_fact_back(home, kind):
    home.report(kind)
    reversal = home.take_back()

    assert reversal.lost == []
    assert ends() == dict.fromkeys(FACTS)


def states():
    return {row.id: (row.status, row.ends_on) for row in rows("SELECT * FROM assessment")}


@pytest.mark.parametrize("kind", list(DepartureKind))
def test_the_level_ends_and_what_waits_for_a_review_is_withdrawn(home, kind):
    level, waiting = home.assess()
    before = states()

    home.report(kind)
    assert states() == {level: ("confirmed", TOMORROW), waiting: ("withdrawn", None)}

    assert home.take_back().lost == []
    assert states() == before
    assert before[waiting][0] == "submitted"


@pytest.mark.parametrize("state", ["draft", "returned"])
def test_an_unfinished_form_comes_back_as_it_was(home, state):
    if state == "draft":
        form = assessments.begin(home.office, home.mother)
    else:
        form = assessments.hand_in(home.office, home.mother)
        with home.reviewer.at_work() as session:
            assessments.service.return_assessment(session, form, note="请补充")

    home.report(DepartureKind.DIED)
    assert states()[form] == ("withdrawn", None)
    home.take_back()

    assert states()[form] == (state, None)
    assessments.fill_in(home.office, form)


def test_what_the_assessor_withdrew_does_not_come_back(home):
    form = assessments.begin(home.office, home.mother)
    with home.office.at_work() as session:
        assessments.service.withdraw_assessment(session, form, note="另约时间")

    home.report(DepartureKind.DIED)
    home.take_back()

    assert states()[form] == ("withdrawn", None)


def test_a_fact_noted_for_that_time_meanwhile_stays_and_the_old_one_is_told(home):
    home.report(DepartureKind.DIED)
    with acting(PLATFORM), sessions.transaction() as session:
        session.add(
            CareInsurance(
                resident_id=home.mother, scheme=CareScheme.URBAN_RURAL, starts_on=TOMORROW
            )
        )

    reversal = home.take_back()

    assert [one.table for one in reversal.lost] == ["care_insurance"]


@pytest.mark.parametrize("kind", list(DepartureKind))
def test_nothing_is_given_to_somebody_who_is_gone(home, kind):
    home.report(kind)
    attempts = (
        lambda s: registering.begin_hardship(
            s, home.mother, tier=HardshipTier.DIBAO, starts_on=TODAY
        ),
        lambda s: registering.begin_special_care(
            s, home.mother, care=SpecialCare.LIVING_ALONE, starts_on=TODAY
        ),
        lambda s: grants.let_sign_in(s, home.mother, phone="13900001234"),
        lambda s: grants.bind_helper(
            s,
            home.mother,
            phone="13900001234",
            holder_name="王丽",
            relation=Relation.CHILD,
            scopes=[],
        ),
    )

    for attempt in attempts:
        with pytest.raises(ResidentGone), home.office.at_work() as session:
            attempt(session)
