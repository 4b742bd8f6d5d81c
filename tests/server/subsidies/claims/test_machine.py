"""Whatever is done with claims, by whichever hands and in whichever order: the page holds."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from server import clock
from server.db.acts import Act, Face
from server.db.sessions import enter
from server.errors import DomainError
from server.identity.models import Role
from server.subsidies.claims import asking, deciding, standing_in
from server.subsidies.claims.looking import look
from server.subsidies.claims.models import Claimant, ClaimStep, SubsidyClaim
from server.subsidies.claims.states import MOVES
from server.subsidies.claims.writing import wanted_of
from tests.factories.claims import (
    COUNTY,
    JANUARY,
    STAGES,
    TOWN,
    in_february,
    make_cases,
    make_claimed,
)
from tests.factories.meals import make_site
from tests.factories.people import make_account, make_resident, make_sign_in, make_staff
from tests.factories.pictures import picture
from tests.factories.subsidies import make_run

OFFICES = {
    "town": (Role.COUNTY_OFFICER, TOWN),
    "county": (Role.COUNTY_OFFICER, COUNTY),
    "colleague": (Role.COUNTY_OFFICER, COUNTY),
    "city": (Role.CITY_OFFICER, "1405"),
}
HANDS = ("home", "neighbour", "elder", "stranger", *OFFICES)
hand = st.sampled_from(HANDS)
officer = st.sampled_from(sorted(OFFICES))
PROGRAMMES = {"home": "facility_operation", "elder": "own_grant"}
asked_for = st.sampled_from(sorted(PROGRAMMES))
which = st.integers(0, 3)
# What each programme asks: how many offices, which are all passed after the last handing in.
STAGES_OF = {"facility_operation": len(STAGES), "own_grant": 1}
# Each is a sentence that must stay true after every deed.
NEVER = {
    "two live claims for the same": """
        SELECT 1 FROM subsidy_claim WHERE state NOT IN ('refused', 'withdrawn')
         GROUP BY claimant, claimant_id, programme, first_month HAVING count(*) > 1""",
    "two parts of one person": """
        SELECT 1 FROM (SELECT claim_id, staff_id, part FROM subsidy_claim_step
                       UNION SELECT claim_id, for_staff_id, part FROM subsidy_claim_step) s
         WHERE staff_id IS NOT NULL GROUP BY claim_id, staff_id HAVING count(*) > 1""",
    "a step that does not follow the one before": """
        SELECT 1 FROM (SELECT before, after, lag(after) OVER w AS had, number, row_number() OVER w
                         FROM subsidy_claim_step WINDOW w AS (PARTITION BY claim_id ORDER BY number)
                      ) s WHERE before IS DISTINCT FROM had OR number <> row_number""",
    "a state that no step led to": """
        SELECT 1 FROM subsidy_claim c WHERE state <> (
            SELECT after FROM subsidy_claim_step s WHERE s.claim_id = c.id
             ORDER BY number DESC LIMIT 1)""",
    "an office without a clock, or a clock without an office": """
        SELECT 1 FROM subsidy_claim WHERE (state LIKE 'at_%') <> (due_on IS NOT NULL)""",
    "an office that looks at what lacks its paper": """
        SELECT 1 FROM subsidy_claim c
         WHERE programme = 'facility_operation' AND (state LIKE 'at_%' OR state = 'accepted')
           AND NOT EXISTS (SELECT 1 FROM subsidy_claim_paper p
                            WHERE p.claim_id = c.id AND p.removed_at IS NULL)""",
    "a yes that saw nothing, or a no without words": """
        SELECT 1 FROM subsidy_claim_step
         WHERE step IN ('pass', 'accept') AND look_id IS NULL
            OR step IN ('return', 'refuse') AND words = ''""",
    "a decision by nobody of the staff": """
        SELECT 1 FROM subsidy_claim_step
         WHERE step IN ('pass', 'accept', 'return', 'refuse') AND staff_id IS NULL""",
}
YESES = """
    SELECT c.programme, count(*) FROM subsidy_claim c JOIN subsidy_claim_step s ON s.claim_id = c.id
     WHERE c.state = 'accepted' AND s.step IN ('pass', 'accept') AND s.number > (
           SELECT max(number) FROM subsidy_claim_step h WHERE h.claim_id = c.id
              AND h.step = 'hand_in')
     GROUP BY c.id
"""
STEPS = "SELECT DISTINCT step, before, after FROM subsidy_claim_step"
FOREIGN = "SELECT 1 FROM subsidy_claim WHERE site_id IS NOT NULL OR resident_id IS NOT NULL"


class Claims(RuleBasedStateMachine):
    """A home and an elder who ask, their neighbours, and four officers who look."""

    def __init__(self, session, seen):
        super().__init__()
        self.session, self.seen = session, seen
        self.outer = session.begin_nested()
        self.site, self.resident = make_site(session), make_resident(session)
        self.versions = {
            "home": make_claimed(session),
            "elder": make_claimed(
                session, by="resident", programme="own_grant", family="own_grant", evidence=(),
                stages=STAGES[1:2],
            ),
        }  # fmt: skip
        self._change_what_is_known()
        make_run(
            self.session, [{"resident_id": self.resident.id, "site_id": self.site.id}],
            version=self.versions["elder"],
        )  # fmt: skip
        self.staff = {
            name: make_staff(session, role, division_code=code)
            for name, (role, code) in OFFICES.items()
        }
        for name, site in (("home", self.site), ("neighbour", make_site(session))):
            self.staff[name] = make_staff(session, Role.FACILITY_OPERATOR, site_id=site.id)
        self.tokens = {name: make_sign_in(session, staff=one) for name, one in self.staff.items()}
        self.staff_ids = {name: one.id for name, one in self.staff.items()}
        for name, elder in (("elder", self.resident), ("stranger", make_resident(session))):
            account = make_account(session, elder)
            self.tokens[name] = make_sign_in(session, account=account)
        self.claimants = {
            "home": (Claimant.SITE, self.site.id), "elder": (Claimant.RESIDENT, self.resident.id),
        }  # fmt: skip
        session.flush()

    def teardown(self):
        self._as_platform()
        self.session.expunge_all()
        self.outer.rollback()

    @rule(what=asked_for)
    def begin(self, what):
        claimant, claimant_id = self.claimants[what]
        self._do(what, lambda: asking.begin_claim(
            self.session, claimant=claimant, claimant_id=claimant_id, programme=PROGRAMMES[what],
            first_month=JANUARY,
        ))  # fmt: skip

    @rule(by=hand, which=which, content=st.integers(0, 1))
    def put_a_paper(self, by, which, content):
        self._of(which, by, lambda one: self._put_paper(one, content))

    @rule(by=hand, which=which)
    def take_the_papers_away(self, by, which):
        for paper in self._numbers("SELECT id FROM subsidy_claim_paper WHERE removed_at IS NULL"):
            self._of(which, by, lambda one, no=paper: asking.remove_paper(self.session, one, no))

    @rule(what=asked_for)
    def ask_whole(self, what):
        """Everything that is waited for is put to it, and it is handed in."""
        self.begin(what)
        for claim_id in self._claims():
            self._do(what, lambda one=claim_id: self._put_paper(one, 0))
            self._do(what, lambda one=claim_id: asking.hand_in(self.session, one))

    @rule(by=hand, which=which)
    def hand_in(self, by, which):
        self._of(which, by, lambda one: asking.hand_in(self.session, one))

    @rule(by=hand, which=which)
    def take_back(self, by, which):
        self._of(which, by, lambda one: asking.withdraw(self.session, one))

    @rule(by=officer, which=which)
    def say_yes(self, by, which):
        self._of(which, by, self._let_through)

    @rule(by=officer)
    def say_yes_to_all(self, by):
        self._do(by, lambda: deciding.let_all_through(self.session, self._claims()))

    @rule(by=officer, which=which)
    def give_back(self, by, which):
        self._of(which, by, lambda one: deciding.give_back(self.session, one, words="缺页"))

    @rule(by=officer, which=which)
    def refuse(self, by, which):
        self._of(which, by, lambda one: deciding.refuse(self.session, one, words="未入住"))

    @rule(by=officer, other=officer)
    def name_a_stand_in(self, by, other):
        today = clock.today()
        self._do(by, lambda: standing_in.name_stand_in(
            self.session, stand_in_id=self.staff_ids[other], first_on=today, last_on=today
        ))  # fmt: skip

    @rule()
    def something_else_becomes_known(self):
        self._as_platform()
        self._change_what_is_known()

    @invariant()
    def what_must_never_be_is_not(self):
        self._as_platform()
        for sentence, query in NEVER.items():
            assert self.session.execute(text(query)).first() is None, sentence

    @invariant()
    def every_step_is_one_of_the_table(self):
        self._as_platform()
        for step, before, after in self.session.execute(text(STEPS)):
            move = MOVES[step]
            self.seen.add(step)
            assert after in move.after, step
            assert before in move.before or (before is None and not move.before), step

    @invariant()
    def what_is_granted_passed_every_office(self):
        self._as_platform()
        for programme, yeses in self.session.execute(text(YESES)):
            assert yeses == STAGES_OF[programme]

    @invariant()
    def neighbours_know_nothing(self):
        for name in ("neighbour", "stranger"):
            self._as(name)
            assert self.session.execute(text(FOREIGN)).first() is None

    def _put_paper(self, claim_id, content):
        asking.add_paper(self.session, claim_id, evidence="bed_book", content=picture(mark=content))

    def _let_through(self, claim_id):
        claim = self.session.get(SubsidyClaim, claim_id)
        if claim is not None:
            digest = look(self.session, wanted_of(self.session, [claim])[0]).digest
            deciding.let_through(self.session, claim_id, seen=digest.hex())

    def _change_what_is_known(self):
        make_cases(self.session, self.site, version=self.versions["home"])
        self.session.flush()

    def _of(self, which, by, deed):
        """Do something with one of the claims; nothing where there are fewer."""
        claims = self._claims()
        if claims:
            self._do(by, lambda: deed(claims[which % len(claims)]))

    def _claims(self):
        return self._numbers("SELECT id FROM subsidy_claim")

    def _do(self, by, deed):
        """What is refused leaves nothing behind."""
        self._as(by)
        point = self.session.begin_nested()
        try:
            deed()
            self.session.flush()
            point.commit()
        except DomainError:
            point.rollback()
        self._as_platform()
        self.session.expire_all()

    def _numbers(self, query):
        return list(self.session.execute(text(query + " ORDER BY id")).scalars())

    def _as(self, name):
        self.session.flush()
        face = Face.PHONE if name in ("elder", "stranger") else Face.CONSOLE
        self._enter(Act(face, "tests", "test", token=self.tokens[name]))

    def _as_platform(self):
        self._enter(Act(Face.COMMAND, "tests", "test", service=True))

    def _enter(self, act):
        self.session.info["actor"] = enter(self.session.connection(), act, writes=True)


@pytest.mark.long
def test_what_must_stay_true_stays_true(session):
    seen = set()
    with in_february(tick=False):
        run_state_machine_as_test(
            lambda: Claims(session, seen),
            settings=settings(
                max_examples=8,
                stateful_step_count=25,
                deadline=None,
                phases=[Phase.generate],
                derandomize=True,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    assert seen >= {ClaimStep.BEGIN, ClaimStep.HAND_IN, ClaimStep.ACCEPT, ClaimStep.REFUSE}
