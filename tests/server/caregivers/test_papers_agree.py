"""The file's page, reminders and claims name the same papers: all read one list."""

from datetime import date, datetime
from itertools import combinations

import pytest
import time_machine
from sqlalchemy import text

from server import clock
from server.caregivers.allowances.claiming import list_claimable
from server.caregivers.allowances.papers import IN_CLAIMS, MISSING, Paper
from server.caregivers.missing import LACKS, Lack, list_missing
from server.caregivers.reminders.service import find_due
from tests.factories.allowances import make_complete

NOW = datetime(2026, 7, 28, 10, tzinfo=clock.CITY)
DAY = NOW.date()  # three days before both windows close
TAKEN_AWAY = {
    Paper.CONTRACT: "UPDATE employment_contract SET ends_on = '2026-07-01'",
    Paper.CERTIFICATE: "UPDATE skill_certificate SET valid_until = '2026-07-01'",
    Paper.CERTIFICATE_PROOF: "UPDATE skill_certificate SET verified_on = NULL",
    Paper.DEGREE: "UPDATE caregiver_education SET recognised_on = NULL, recognition = ''",
    Paper.PAYEE: "UPDATE caregiver SET payee_cipher = NULL, payee_digest = NULL, payee_bank = ''",
}
ON_THE_PAGE = {
    Lack.CERTIFICATE_ENDED: Paper.CERTIFICATE,
    **{lack: paper for paper, lack in LACKS.items()},
}
FILES = [
    papers
    for many in (0, 1, 2, len(Paper))
    for papers in combinations(Paper, many)
    if not {Paper.CERTIFICATE, Paper.CERTIFICATE_PROOF} <= {*papers} or many == len(Paper)
]


@pytest.fixture
def at_the_end_of_the_window():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.usefixtures("at_the_end_of_the_window")
@pytest.mark.parametrize("taken", FILES, ids=lambda papers: "-".join(papers) or "nothing")
def test_all_three_name_what_was_taken_away(session, desks, taken):
    caregiver = make_complete(session, desks.near)
    for paper in taken:
        session.execute(text(TAKEN_AWAY[paper]))
    gone = {*taken} - ({Paper.CERTIFICATE_PROOF} if Paper.CERTIFICATE in taken else set())

    lacks = list_missing(session, caregiver_ids=[caregiver.id], on=DAY)[caregiver.id]
    on_the_page = {ON_THE_PAGE[one.code] for one in lacks if one.code is not Lack.HOURS}
    reminded = {
        one.facts["programme"]: set(one.facts["missing"])
        for one in find_due(session, DAY, DAY, day=DAY)
        if one.kind == "papers"
    }
    claims = {
        one.programme.value: set(one.missing) for one in list_claimable(session, caregiver.id)
    }

    assert on_the_page == gone
    assert set().union(*reminded.values()) == gone
    assert claims == {
        programme: {IN_CLAIMS[Paper(one)] for one in reminded.get(programme, ())}
        for programme in claims
    }


def test_each_paper_is_judged_and_has_its_word_everywhere():
    assert set(MISSING) == set(IN_CLAIMS) == set(TAKEN_AWAY) == set(Paper)
    assert {*LACKS, Paper.CERTIFICATE} == set(Paper)


@pytest.mark.parametrize(
    ("ends_on", "is_missing"), [(date(2026, 7, 15), False), (date(2026, 7, 14), True)]
)
def test_a_contract_that_is_too_short_is_missing_of_the_entry_reward_alone(
    session, desks, ends_on, is_missing
):
    day = date(2026, 7, 10)
    caregiver = make_complete(session, desks.near)
    session.execute(text("UPDATE employment_contract SET ends_on = :day"), {"day": ends_on})

    lacks = list_missing(session, caregiver_ids=[caregiver.id], on=day)[caregiver.id]
    with time_machine.travel(datetime.combine(day, NOW.time(), clock.CITY), tick=False):
        claims = {one.programme: one.missing for one in list_claimable(session, caregiver.id)}

    assert (Lack.CONTRACT in {one.code for one in lacks}) is is_missing
    assert claims == {
        "entry_reward": ["contract_paper"] if is_missing else [], "post_allowance": [],
    }  # fmt: skip
