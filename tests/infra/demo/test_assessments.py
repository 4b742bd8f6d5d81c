"""The demo's assessments: believable, sound by the rules, and the same for the same seed."""

from datetime import timedelta

import pytest

from infra.demo.faces import DAUGHTERS_PHONE, FACES, MOTHER
from infra.demo.loading import load_demo
from server import clock
from server.db.acts import acting
from server.db.sessions import transaction
from server.residents.assessments import rules
from server.residents.assessments.queries import find_level
from server.residents.assessments.scale import PRESENT, scales
from server.residents.assessments.sheet import unseal
from tests.concurrency.racing import as_owner
from tests.infra.demo.conftest import PLATFORM, RESIDENTS

LEVELS = {"intact", "mild", "moderate", "severe", "total"}


def test_a_believable_share_is_assessed_at_every_level(demo, ask):
    [row] = ask(
        "SELECT count(DISTINCT resident_id) FILTER (WHERE status = 'confirmed') AS assessed,"
        " count(*) FILTER (WHERE status = 'submitted') AS waiting,"
        " array_agg(DISTINCT final_level) AS levels FROM assessment"
    )

    assert 0.10 <= row.assessed / RESIDENTS <= 0.35
    assert row.waiting >= 2
    assert set(row.levels) == LEVELS


def test_the_old_are_assessed_more_often(demo, ask):
    old, young = (
        ask(
            "SELECT avg((EXISTS (SELECT 1 FROM assessment a WHERE a.resident_id = r.id))::int)"
            f" AS share FROM resident r WHERE born_on {side} :day",
            day=clock.today() - timedelta(days=80 * 365),
        )[0].share
        for side in ("<=", ">")
    )

    assert old > 2 * young


def test_every_level_is_what_the_rules_say_of_its_answers(demo, ask):
    rows = ask(
        "SELECT a.*, s.sheet_cipher FROM assessment a JOIN assessment_sheet s"
        " ON s.assessment_id = a.id"
    )
    assert rows
    for row in rows:
        sheet = unseal(bytes(row.sheet_cipher))
        outcome = rules.judge(scales()[PRESENT], sheet.points, sheet.grounds, most_steps=1)
        assert (row.total, row.initial_level, row.final_level) == (
            outcome.tally.total,
            outcome.initial,
            outcome.final,
        )


def test_some_have_run_out_and_some_have_one_before(demo, ask):
    [row] = ask(
        "SELECT count(*) FILTER (WHERE ends_on <= :today) AS over,"
        " count(*) - count(DISTINCT resident_id) AS earlier FROM assessment",
        today=clock.today(),
    )

    assert row.over > 0
    assert row.earlier > 0


def test_nobody_of_the_demo_reviewed_their_own(demo, ask):
    assert ask("SELECT 1 FROM assessment WHERE reviewed_by = assessor_id") == []


def test_the_mother_whom_a_visitor_meets_has_a_level(demo, ask):
    [row] = ask(
        "SELECT r.id FROM resident r JOIN resident_grant g ON g.resident_id = r.id"
        " JOIN account a ON a.id = g.account_id WHERE a.phone = :phone AND r.name = :name",
        phone=DAUGHTERS_PHONE,
        name=FACES[MOTHER].name,
    )
    with acting(PLATFORM), transaction(writes=False) as session:
        found = find_level(session, row.id, on=clock.today())

    assert found is not None
    assert found.level in {"moderate", "severe"}


@pytest.mark.nightly
def test_a_demo_of_before_is_assessed_by_the_next_load_alike(empty_city, ask):
    load_demo(residents=60)
    kept = "SELECT resident_id, assessed_on, total, status FROM assessment ORDER BY 1, 2"
    before = ask(kept)
    assert before
    _forget_assessments(empty_city)

    load_demo(residents=60)

    assert ask(kept) == before


def _forget_assessments(database):
    as_owner(
        database,
        "TRUNCATE assessment, assessment_sheet",
    )
