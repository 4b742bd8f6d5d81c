"""Entitlements are frozen, superseded when facts change, and otherwise left alone."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from server import clock
from server.caregivers import employing
from server.caregivers.allowances.errors import AllowanceRuleUnreadable
from server.caregivers.allowances.models import Standing
from server.caregivers.allowances.own import own_allowances
from server.caregivers.allowances.queries import list_of_caregiver
from server.caregivers.allowances.reckoning import months_to_reckon, reckon, reckon_site
from server.caregivers.employing import Terms
from server.caregivers.models import LeavingReason, SkillCertificate
from tests.factories.allowances import IN_JULY, MONTHS, make_complete, reckoned
from tests.factories.caregivers import make_caregiver, make_certificate, make_employment
from tests.factories.meals import make_site

JUNE = ("post_allowance", "2026-06")


def expire(session, caregiver, day=date(2026, 5, 31)):
    session.execute(
        SkillCertificate.__table__.update()
        .where(SkillCertificate.__table__.c.caregiver_id == caregiver.id)
        .values(valid_until=day)
    )


def test_a_half_year_and_the_steps_of_the_entry_reward(session, caregiver, held):
    assert reckoned(session, caregiver) == 6 + 3

    rows = held(caregiver)
    assert {row.amount_fen for key, row in rows.items() if key[0] == "post_allowance"} == {500_00}
    steps = [rows["entry_reward", number] for number in "123"]
    assert [row.state for row in steps] == [Standing.ENTITLED, Standing.ENTITLED, Standing.AHEAD]
    assert [row.due_on for row in steps] == [date(year, 7, 15) for year in (2024, 2025, 2026)]
    assert [row.standard_fen for row in steps] == [15_000_00, 15_000_00, 20_000_00]


def test_reckoning_again_changes_nothing(session, caregiver, held):
    reckoned(session, caregiver)
    before = {row.id for row in held(caregiver).values()}

    assert reckoned(session, caregiver) == 0
    assert {row.id for row in held(caregiver).values()} == before
    assert held(caregiver, superseded=True) == {}


def test_other_facts_make_another_row_and_what_was_known_stays(session, caregiver, held):
    reckoned(session, caregiver)
    known_at = clock.now()
    expire(session, caregiver)
    with time_machine.travel(IN_JULY + timedelta(hours=1), tick=False):
        assert reckoned(session, caregiver) == 6  # the last day of the certificate is told in each

    assert held(caregiver)["post_allowance", "2026-05"].amount_fen == 500_00
    assert held(caregiver)[JUNE].state is Standing.NOT_ENTITLED
    assert held(caregiver, superseded=True)[JUNE].amount_fen == 500_00
    then = {row.period: row for row in list_of_caregiver(session, caregiver.id,
                                                         as_known_at=known_at)}  # fmt: skip
    assert then["2026-06"].amount_fen == 500_00
    codes = [one["code"] for one in held(caregiver)[JUNE].reasons if not one["holds"]]
    assert codes == ["certificate-expired"]


def test_a_month_that_was_never_worked_is_taken_back(session, caregiver, held):
    reckoned(session, caregiver)
    session.execute(
        text("UPDATE employment SET ends_on = '2026-06-01', leaving_reason = 'resigned'"
             " WHERE caregiver_id = :id"), {"id": caregiver.id}
    )  # fmt: skip

    assert reckoned(session, caregiver)
    assert JUNE not in held(caregiver)
    assert JUNE in held(caregiver, superseded=True)


def test_each_reason_keeps_the_parameter_it_rests_on(session, caregiver, held):
    reckoned(session, caregiver)
    basis = held(caregiver)[JUNE].reasons[0]["basis"]
    key = session.execute(
        text("SELECT key FROM parameter WHERE id = :id"), {"id": basis["parameter_id"]}
    ).scalar_one()

    assert key == basis["key"] == "post_allowance.conditions"


def test_everybody_of_a_site_and_who_left_lately(session, in_july, held):
    site, other = make_site(session), make_site(session)
    here, elsewhere = make_complete(session, site), make_complete(session, other)
    left = make_caregiver(session, site)
    make_employment(session, left, ends_on=date(2026, 4, 10))

    assert reckon_site(session, site.id)
    assert held(here)
    assert held(left)
    assert held(elsewhere) == {}


def test_three_months_are_looked_at_again():
    assert months_to_reckon(date(2026, 2, 10)) == [
        date(2026, 1, 1), date(2025, 12, 1), date(2025, 11, 1),
    ]  # fmt: skip


def test_a_rule_that_does_not_read_stops_the_run(session, caregiver, held):
    session.execute(
        text("UPDATE parameter SET value = '{\"hired_form\": 1}'"
             " WHERE key = 'entry_reward.conditions'")
    )  # fmt: skip

    with pytest.raises(AllowanceRuleUnreadable, match="hired_form"):
        reckoned(session, caregiver)


def test_many_caregivers_are_known_by_as_many_statements_as_one(session, in_july):
    site = make_site(session)
    few = [make_complete(session, site)]
    many = [make_complete(session, site) for _ in range(12)]

    def sent(people):
        statements = []
        bind = session.connection()

        def note(_connection, _cursor, statement, *rest):
            statements.append(statement)

        event.listen(bind, "before_cursor_execute", note)
        reckon(session, [one.id for one in people], MONTHS)
        event.remove(bind, "before_cursor_execute", note)
        return len(statements)

    assert sent(many) == sent(few)


def test_the_database_keeps_what_was_superseded(session, caregiver):
    reckoned(session, caregiver)
    expire(session, caregiver)
    reckoned(session, caregiver)

    with pytest.raises(DBAPIError, match="what was superseded stays so"):
        session.execute(
            text("UPDATE caregiver_entitlement SET superseded_at = NULL"
                 " WHERE superseded_at IS NOT NULL")
        )  # fmt: skip


def test_a_better_certificate_counts_from_its_month(session, caregiver, held):
    reckoned(session, caregiver)
    make_certificate(session, caregiver, level=2, issued_on=date(2026, 6, 15))

    assert reckoned(session, caregiver) == 1
    assert held(caregiver)[JUNE].amount_fen == 800_00


class TestAfterTheFirstInstalment:
    """Hired on 15 July 2023 without a fixed term; a contract is judged as it was signed."""

    @pytest.fixture
    def worker(self, session, desks):
        with time_machine.travel(IN_JULY.replace(year=2025), tick=False):
            yield make_complete(session, desks.near, months=[])

    @pytest.fixture
    def employment_id(self, session, worker):
        query = text("SELECT id FROM employment WHERE caregiver_id = :id")
        return session.execute(query, {"id": worker.id}).scalar_one()

    def steps(self, session, worker_id):
        return [one.amount_fen for one in own_allowances(session, worker_id).steps]

    def test_it_stays_with_whoever_leaves(self, desks, worker, employment_id):
        last_day, worker_id = date(2025, 3, 14), worker.id
        with desks.at(desks.near) as here:
            employing.leave(here, employment_id, last_day=last_day, reason=LeavingReason.RESIGNED)

            assert self.steps(here, worker_id) == [15_000_00, 0, 0]

    def test_it_stays_with_whoever_changes_terms_and_the_next_comes(
        self, desks, worker, employment_id
    ):
        terms, worker_id = Terms(desks.near.id, date(2025, 1, 1)), worker.id
        with desks.at(desks.near) as here:
            employing.change_terms(here, employment_id, terms)

            assert self.steps(here, worker_id)[0] == 15_000_00
            with time_machine.travel(IN_JULY, tick=False):
                assert self.steps(here, worker_id)[:2] == [15_000_00, 15_000_00]
