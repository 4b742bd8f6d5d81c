"""Courses of the demo stand in every stage, with results, a line, and a door that is open now."""

from infra.demo.training import put_training
from server.db.acts import acting
from server.db.sessions import transaction
from tests.infra.demo.conftest import PLATFORM


def test_one_is_over_one_runs_and_one_is_full(demo, ask):
    [counts] = ask(
        """
        SELECT (SELECT count(*) FROM completion_certificate) AS certificates,
               (SELECT count(*) FROM completion_certificate
                 WHERE skill_certificate_id IS NOT NULL) AS skills,
               (SELECT count(*) FROM training_subsidy WHERE amount_fen > 0) AS brought,
               (SELECT count(*) FROM enrolment WHERE state = 'waiting') AS waiting,
               (SELECT count(*) FROM contest_entrant WHERE rank = 1) AS won,
               (SELECT count(*) FROM course_meeting
                 WHERE starts_at <= now() AND ends_at > now()) AS now_open
        """
    )

    assert tuple(counts) == (6, 6, 6, 3, 1, 1)


def test_a_second_load_adds_none(demo):
    with acting(PLATFORM), transaction() as session:
        assert put_training(session) == 0
