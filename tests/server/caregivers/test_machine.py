"""Whatever becomes of people in the register, in whichever order: nothing breaks."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from server.caregivers import certifying, employing
from server.caregivers.asking import takeovers
from server.caregivers.certifying import CertificateSaid
from server.caregivers.employing import ContractTerms, Terms
from server.caregivers.models import LeavingReason
from server.db.acts import Act, Face
from server.db.sessions import enter
from server.errors import DomainError
from server.providers.models import Provider
from tests.factories.caregivers import make_caregiver
from tests.factories.meals import make_site
from tests.factories.people import an_id_number, make_sign_in, make_staff

FIRST_DAY = date(2024, 1, 1)
HOMES, PEOPLE, NUMBERS = 3, 2, 3
home = st.integers(0, HOMES - 1)
person = st.integers(0, PEOPLE - 1)
days = st.integers(0, 8).map(lambda number: FIRST_DAY + timedelta(days=60 * number))
# Each is a sentence that must stay true after every deed.
NEVER = {
    "two full-time employers on one day": """
        SELECT 1 FROM employment a JOIN employment b
            ON b.caregiver_id = a.caregiver_id AND b.id > a.id AND b.is_full_time
           AND daterange(a.starts_on, a.ends_on) && daterange(b.starts_on, b.ends_on)
         WHERE a.is_full_time""",
    "a number of two certificates": """
        SELECT 1 FROM skill_certificate GROUP BY upper(number) HAVING count(*) > 1""",
    "two questions at once": """
        SELECT 1 FROM employment_takeover WHERE state = 'waiting'
         GROUP BY caregiver_id HAVING count(*) > 1""",
    "a file kept beside the full-time employer": """
        SELECT 1 FROM caregiver c JOIN employment e ON e.caregiver_id = c.id
         WHERE e.is_full_time AND e.ends_on IS NULL AND e.site_id <> c.keeper_site_id""",
    "two contracts of an employment on one day": """
        SELECT 1 FROM employment_contract a JOIN employment_contract b
            ON b.employment_id = a.employment_id AND b.id > a.id
           AND daterange(a.starts_on, a.ends_on) && daterange(b.starts_on, b.ends_on)""",
}
# What a home may see of anybody's work is its own, whoever keeps the file by now.
OF_OTHERS = {
    "employment": "SELECT 1 FROM employment WHERE site_id <> :own",
    "contract": """
        SELECT 1 FROM employment_contract k WHERE k.employment_id = ANY (:foreign)""",
    "attendance": "SELECT 1 FROM attendance_month WHERE site_id <> :own",
    "question": "SELECT 1 FROM employment_takeover WHERE :own NOT IN (from_site_id, to_site_id)",
    "stranger": """
        SELECT 1 FROM caregiver c WHERE c.keeper_site_id <> :own AND c.id <> ALL (:worked)""",
}


class Register(RuleBasedStateMachine):
    """Three homes, two of one provider, and two people whom all of them want."""

    def __init__(self, session):
        super().__init__()
        self.session = session
        self.outer = session.begin_nested()
        ours = Provider(name="枫叶养老服务公司")
        session.add(ours)
        session.flush()
        self.homes = [
            make_site(session, provider_id=ours.id if number < 2 else None)
            for number in range(HOMES)
        ]
        self.tokens = [
            make_sign_in(session, staff=make_staff(session, "facility_operator", site_id=one.id))
            for one in self.homes
        ]
        self.people = [
            make_caregiver(
                session, self.homes[number], name="孙一兰", id_number=an_id_number(7700 + number)
            )
            for number in range(PEOPLE)
        ]
        self.ids = [one.id for one in self.people]
        self.sites = [one.id for one in self.homes]
        session.flush()

    def teardown(self):
        self._as_platform()
        self.session.expunge_all()
        self.outer.rollback()

    @rule(where=home, who=person, day=days, is_full_time=st.booleans())
    def employ(self, where, who, day, is_full_time):
        terms = Terms(self.sites[where], day, is_full_time=is_full_time)
        self._do(where, lambda: employing.take_on(self.session, self.ids[who], terms))

    @rule(where=home, who=person, day=days)
    def ask_for(self, where, who, day):
        terms = Terms(self.sites[where], day)
        number = an_id_number(7700 + who)
        self._do(
            where,
            lambda: takeovers.take_on_known(
                self.session, id_number=number, name="孙一兰", terms=terms
            ),
        )

    @rule(where=home, answer=st.sampled_from(["yes", "no", "back"]), day=days)
    def answer(self, where, answer, day):
        for number in self._numbers("SELECT id FROM employment_takeover WHERE state = 'waiting'"):
            deeds = {
                "yes": lambda one=number: takeovers.let_go(self.session, one, ends_on=day),
                "no": lambda one=number: takeovers.keep(self.session, one, said="不放人"),
                "back": lambda one=number: takeovers.withdraw(self.session, one),
            }
            self._do(where, deeds[answer])

    @rule(where=home, to=home, day=days)
    def transfer(self, where, to, day):
        terms = Terms(self.sites[to], day)
        for number in self._at_work(where):
            self._do(where, lambda one=number: employing.transfer(self.session, one, terms))

    @rule(where=home, day=days)
    def leave(self, where, day):
        for number in self._at_work(where):
            self._do(
                where,
                lambda one=number: employing.leave(
                    self.session, one, last_day=day, reason=LeavingReason.RESIGNED
                ),
            )

    @rule(where=home, day=days, years=st.sampled_from([1, 3, None]))
    def sign(self, where, day, years):
        ends_on = day.replace(year=day.year + years) if years else None
        said = ContractTerms(day, ends_on)
        for number in self._at_work(where):
            self._do(where, lambda one=number: employing.add_contract(self.session, one, said))

    @rule(where=home, who=person, number=st.integers(1, NUMBERS), small=st.booleans(), day=days)
    def certify(self, where, who, number, small, day):
        spelled = f"s 1405{number:08d}" if small else f"S1405{number:08d}"
        said = CertificateSaid(4, spelled, "晋城市鉴定中心", day)
        self._do(where, lambda: certifying.add_certificate(self.session, self.ids[who], said))

    @rule(where=home, day=days)
    def let_expire(self, where, day):
        for number in self._numbers("SELECT id FROM skill_certificate"):
            self._do(
                where,
                lambda one=number: certifying.renew_certificate(self.session, one, valid_until=day),
            )

    @rule(month=st.sampled_from([date(2024, 2, 1), date(2025, 1, 1)]))
    def count_days(self, month):
        """Everybody was at work where they were employed."""
        self.session.execute(
            text(
                "INSERT INTO attendance_month"
                " (caregiver_id, site_id, month, days, source, filed_at)"
                " SELECT DISTINCT caregiver_id, site_id, CAST(:month AS date), 20, 'filed',"
                "        CAST(:month AS timestamptz)"
                "   FROM employment WHERE starts_on <= :month"
                "    AND (ends_on IS NULL OR ends_on > :month)"
                " ON CONFLICT DO NOTHING"
            ),
            {"month": month},
        )

    @invariant()
    def nothing_breaks(self):
        for sentence, broken in NEVER.items():
            assert self.session.execute(text(broken)).all() == [], sentence

    @invariant()
    def a_home_sees_of_others_nothing(self):
        rows = self.session.execute(text("SELECT id, site_id, caregiver_id FROM employment")).all()
        for number, own in enumerate(self.sites):
            known = {
                "own": own,
                "foreign": [row.id for row in rows if row.site_id != own],
                "worked": [row.caregiver_id for row in rows if row.site_id == own],
            }
            self._as(number)
            for sentence, broken in OF_OTHERS.items():
                asked = {name: one for name, one in known.items() if f":{name}" in broken}
                assert self.session.execute(text(broken), asked).all() == [], sentence
            self._as_platform()

    def _do(self, where, deed):
        self._as(where)
        try:
            with self.session.begin_nested():
                deed()
        except DomainError:
            self.session.expire_all()
        self._as_platform()

    def _numbers(self, query, **given):
        return list(self.session.execute(text(query + " ORDER BY id"), given).scalars())

    def _at_work(self, where):
        query = "SELECT id FROM employment WHERE ends_on IS NULL AND site_id = :site"
        return self._numbers(query, site=self.sites[where])

    def _as(self, where):
        self.session.flush()
        self._enter(Act(Face.CONSOLE, "tests", "test", token=self.tokens[where]))

    def _as_platform(self):
        self._enter(Act(Face.COMMAND, "tests", "test", service=True))

    def _enter(self, act):
        self.session.info["actor"] = enter(self.session.connection(), act, writes=True)


@pytest.mark.long
def test_what_must_stay_true_stays_true(session):
    run_state_machine_as_test(
        lambda: Register(session),
        settings=settings(
            max_examples=15,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
