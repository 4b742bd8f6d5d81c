"""What was paid by facts that changed since is put right once, to the fen."""

from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import select, text, true, update

from server.db.tables import table_of
from server.errors import NotFound
from server.facilities.models import Bed
from server.providers.models import Provider, SiteStar
from server.residents.assessments.models import AbilityLevel, Assessment
from server.residents.models import Resident
from server.subsidies.differences.errors import NothingToCorrect, RunNotCorrectable
from server.subsidies.differences.models import DifferenceKind, SubsidyDifference
from server.subsidies.differences.service import list_runs_to_look_at, look, start
from server.subsidies.models import RunKind, RunStage, SubsidyLine, SubsidyRun
from server.subsidies.reckoning.explaining import explain
from server.subsidies.reckoning.lines import case_of, get_line
from tests.factories.assessments import give_level
from tests.factories.differences import due_of, reckoned_run
from tests.factories.facilities import make_bed
from tests.factories.meals import make_site
from tests.factories.people import make_resident
from tests.factories.subsidies import (
    a_programme,
    amend,
    make_version,
    move_run,
)
from tests.factories.subsidy_facts import FEBRUARY, JANUARY, make_stay

MARCH = date(2026, 3, 1)
LEVELS = (AbilityLevel.MILD, AbilityLevel.MODERATE, AbilityLevel.SEVERE)


@pytest.fixture
def home(session):
    site = make_site(session)
    session.add(
        SiteStar(site_id=site.id, stars=3, starts_on=date(2024, 1, 1), ends_on=date(2028, 1, 1))
    )
    session.flush()
    return site


@pytest.fixture
def version(session):
    return make_version(session)


def elder(session, home, level=AbilityLevel.SEVERE, **days):
    """Somebody in a bed of the home for good, at a level since long ago."""
    one = make_resident(session)
    make_stay(session, one, make_bed(session, site=home), **days)
    give_level(session, one, level, starts_on=date(2025, 1, 1), ends_on=date(2027, 1, 1))
    return one


def dies(session, one, day):
    table = table_of(Resident)
    session.execute(update(table).where(table.c.id == one.id).values(died_on=day))
    session.expire_all()


def lines_of(session, run):
    table = table_of(SubsidyLine)
    query = select(table).where(table.c.run_id == run.id).order_by(table.c.number)
    return session.execute(query).all()


def waiting(session):
    table = table_of(SubsidyDifference)
    return session.execute(select(table).order_by(table.c.month, table.c.id)).all()


def paid(session):
    """What everybody has over all runs that stand, as (person, month, part) → fen."""
    rows = session.execute(
        text(
            "SELECT l.beneficiary_id, l.month, l.part, sum(l.amount_fen)::bigint"
            " FROM subsidy_line l JOIN subsidy_run r ON r.id = l.run_id"
            " WHERE r.stage <> 'discarded' AND r.kind <> 'what_if'"
            " GROUP BY 1, 2, 3 HAVING sum(l.amount_fen) <> 0"
        )
    )
    return {(who, month, part): fen for who, month, part, fen in rows}


def test_a_death_told_six_weeks_late_gives_exactly_the_months_after_it_back(session, home, version):
    wang, _zhao = elder(session, home), elder(session, home)
    run = move_run(session, reckoned_run(session, version, months=3), RunStage.PAID)
    assert run.total_fen == 6 * 30_000
    dies(session, wang, date(2026, 1, 31))

    made = start(session, run.id)

    assert (made.kind, made.of_run_id, made.stage) == (
        RunKind.DIFFERENCE, run.id, RunStage.COMPUTED,
    )  # fmt: skip
    found = [(line.resident_id, line.month, line.amount_fen) for line in lines_of(session, made)]
    assert found == [(wang.id, FEBRUARY, -30_000), (wang.id, MARCH, -30_000)]
    assert {line.of_number for line in lines_of(session, made)} <= {2, 3, 4, 5, 6}
    assert made.total_fen == -60_000
    assert waiting(session) == []


def test_the_month_of_a_death_is_taken_back_too_where_only_full_ones_count(session, home, version):
    wang = elder(session, home)
    run = reckoned_run(session, version)
    dies(session, wang, date(2026, 1, 10))

    [line] = lines_of(session, start(session, run.id))

    assert line.amount_fen == -30_000
    assert line.trace["changed"]["days_in_bed"] == [31, 10]
    assert line.trace["kind"] == "facts"


def test_a_level_put_up_gives_arrears(session, home, version):
    wang = elder(session, home, AbilityLevel.MODERATE)
    run = reckoned_run(session, version)
    table = table_of(Assessment)
    session.execute(
        update(table).where(table.c.resident_id == wang.id).values(ends_on=date(2026, 1, 1))
    )
    give_level(session, wang, AbilityLevel.TOTAL, starts_on=date(2026, 1, 1))

    [line] = lines_of(session, start(session, run.id))

    assert (line.amount_fen, line.of_run_id, line.of_number) == (10_000, run.id, 1)
    assert line.trace["changed"] == {"ability_level": ["moderate", "total"]}
    assert (line.trace["before_fen"], line.trace["now_fen"]) == (20_000, 30_000)


def test_a_policy_amended_from_an_earlier_day(session, home, version):
    elder(session, home)
    run = reckoned_run(session, version, months=2)
    content = a_programme()
    content["amounts"]["tables"][0]["rows"][1]["fen"] = 36_000
    content["examples"][0]["gets"] = 36_000
    amended = amend(session, content, starts_on=FEBRUARY)

    [line] = lines_of(session, start(session, run.id))

    assert (line.month, line.amount_fen, line.trace["kind"]) == (FEBRUARY, 6_000, "policy")
    assert line.trace["versions"] == [version.id, amended.id]


def test_twice_asked_changes_nothing(session, home, version):
    wang = elder(session, home)
    run = reckoned_run(session, version)
    dies(session, wang, date(2026, 1, 10))
    start(session, run.id)

    assert look(session, run.id) == 0
    with pytest.raises(NothingToCorrect):
        start(session, run.id)


def test_a_death_told_by_mistake_is_put_right_again(session, home, version):
    wang = elder(session, home)
    run = reckoned_run(session, version)
    dies(session, wang, date(2026, 1, 10))
    start(session, run.id)
    dies(session, wang, None)

    [line] = lines_of(session, start(session, run.id))

    assert line.amount_fen == 30_000
    assert paid(session) == due_of(session, version)


def test_somebody_nobody_knew_of_gets_arrears_and_one_that_is_gone_gives_back(
    session, home, version
):
    wang = elder(session, home)
    run = reckoned_run(session, version)
    session.execute(text("UPDATE bed_occupancy SET superseded_at = now()"))
    zhao = elder(session, home)

    assert look(session, run.id) == 2
    found = {one.resident_id: one.kind for one in waiting(session)}
    assert found == {wang.id: DifferenceKind.GONE, zhao.id: DifferenceKind.NEW}
    made = start(session, run.id)
    amounts = {line.resident_id: line.amount_fen for line in lines_of(session, made)}
    assert amounts == {wang.id: -30_000, zhao.id: 30_000}


def test_a_discarded_difference_leaves_everything_to_be_put_right(session, home, version):
    wang = elder(session, home)
    run = reckoned_run(session, version)
    dies(session, wang, date(2026, 1, 10))
    made = start(session, run.id)
    table = table_of(SubsidyRun)
    gone = {"stage": RunStage.DISCARDED, "discarded_at": made.made_at}
    session.execute(update(table).where(table.c.id == made.id).values(**gone))
    session.expire_all()

    assert look(session, run.id) == 1


def test_credit_lost_today_takes_nothing_back_of_then(session, version):
    provider = Provider(name="德善", credit_status="good")
    session.add(provider)
    session.flush()
    home = make_site(session, provider_id=provider.id)
    session.add(
        SiteStar(site_id=home.id, stars=3, starts_on=date(2024, 1, 1), ends_on=date(2028, 1, 1))
    )
    elder(session, home)
    run = reckoned_run(session, version)
    provider.credit_status = "dishonest"
    session.flush()

    assert look(session, run.id) == 0


def test_another_home_gets_the_month_only_when_the_first_has_given_it_back(session, home, version):
    wang = elder(session, home)
    run = reckoned_run(session, version)
    other = make_site(session)
    session.add(
        SiteStar(site_id=other.id, stars=3, starts_on=date(2024, 1, 1), ends_on=date(2028, 1, 1))
    )
    session.execute(text("UPDATE bed_occupancy SET superseded_at = now()"))
    make_stay(session, wang, make_bed(session, site=other))

    first = lines_of(session, start(session, run.id))
    second = lines_of(session, start(session, run.id))

    assert [(line.site_id, line.amount_fen) for line in first] == [(home.id, -30_000)]
    assert [(line.site_id, line.amount_fen) for line in second] == [(other.id, 30_000)]
    assert look(session, run.id) == 0


def test_what_another_run_paid_is_not_paid_again(session, home, version):
    wang = elder(session, home)
    empty = reckoned_run(session, version, division_code="140521")
    assert session.get(Bed, 0) is None
    run = move_run(session, empty, RunStage.PAID)
    session.execute(text("UPDATE site SET division_code = '140521100201'"))

    assert look(session, run.id) == 0
    assert paid(session) == {(wang.id, JANUARY, 0): 30_000}


def test_a_trial_and_a_run_not_reckoned_yet_are_not_put_right(session, home, version):
    trial = reckoned_run(session, version, kind=RunKind.WHAT_IF)

    with pytest.raises(RunNotCorrectable):
        look(session, trial.id)
    with pytest.raises(NotFound):
        look(session, 10**9)


def test_runs_of_three_years_are_looked_at(session, home, version):
    run = reckoned_run(session, version)
    reckoned_run(session, version, kind=RunKind.WHAT_IF)
    reckoned_run(session, version, date(2020, 1, 1))

    assert list_runs_to_look_at(session) == [run.id]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_was_reckoned_and_every_difference_are_what_a_fresh_run_would_give(
    session, home, version, seed
):
    chance = Random(seed)
    people = [elder(session, home, chance.choice(LEVELS)) for _ in range(5)]
    run = reckoned_run(session, version, months=3)
    for _ in range(4):
        day = chance.choice([None, *(date(2026, 1, 1) + timedelta(days=n) for n in range(90))])
        dies(session, chance.choice(people), day)
        if chance.random() < 0.5:
            people.append(elder(session, home, chance.choice(LEVELS), starts_on=day or JANUARY))
        if look(session, run.id):
            start(session, run.id)

        assert paid(session) == due_of(session, version, months=3)


def test_a_family_is_held_still_while_a_run_of_it_is_put_right(session, home, version):
    """Who comes second waits for the first, and then finds nothing left."""
    wang = elder(session, home)
    run = reckoned_run(session, version)
    dies(session, wang, date(2026, 1, 10))
    start(session, run.id)

    held = text(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
        " AND mode = 'ExclusiveLock' AND (classid::bigint << 32) | objid::bigint"
        " = hashtextextended('subsidy_family', :family)"
    )
    assert session.execute(held, {"family": run.family_no}).scalar_one() == 1
    with pytest.raises(NothingToCorrect):
        start(session, run.id)


def test_a_correction_is_told_in_sentences(session, home, version):
    """What was otherwise, why nothing is due or how much, and what is taken back or paid."""
    wang = elder(session, home)
    run = reckoned_run(session, version, months=2)
    dies(session, wang, date(2026, 1, 10))
    made = start(session, run.id)

    first, second = (told(session, made, number) for number in (1, 2))

    assert "当月在院天数原为 31，现为 10。" in first
    assert first[-1] == "此前为 300.00 元，现应为 0.00 元：追回 300.00 元。"
    assert second[-3:] == [
        "台账中已无此事项", "不予发放。", "此前为 300.00 元，现应为 0.00 元：追回 300.00 元。",
    ]  # fmt: skip


def test_a_correction_by_an_amended_policy_names_the_version_of_now(session, home, version):
    elder(session, home)
    run = reckoned_run(session, version, months=2)
    content = a_programme()
    content["amounts"]["tables"][0]["rows"][1]["fen"] = 36_000
    content["examples"][0]["gets"] = 36_000
    amended = amend(session, content, starts_on=FEBRUARY)

    sentences = told(session, start(session, run.id), 1)

    assert f"第 {amended.id} 号版本" in sentences[0]
    assert any("第 2 行" in one and "360.00 元" in one for one in sentences)
    assert sentences[-1] == "此前为 300.00 元，现应为 360.00 元：补发 60.00 元。"


def told(session, run, number):
    line = get_line(session, run.id, number, true())
    return [one.sentence for one in explain(case_of(session, line))]
