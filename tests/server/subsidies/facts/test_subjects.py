"""What a case rests on, as people call it."""

import re
from pathlib import Path

import server.migrations.sql
from server.subsidies.facts.subjects import KINDS, Subject, find_subjects
from tests.factories.meals import make_site
from tests.factories.people import make_resident
from tests.factories.subsidy_facts import make_stay

FACTS = Path(server.migrations.sql.__file__).parent / "0055_facts_of_subsidies.sql"


def test_every_kind_that_facts_name_is_known():
    assert set(re.findall(r"'([a-z_]+):' \|\|", FACTS.read_text())) == set(KINDS)


def test_a_stay_is_somebodys_in_a_bed_since_a_day(session):
    wang = make_resident(session, name="王桂英")
    stay = make_stay(session, wang)

    found = find_subjects(session, [f"stay:{stay.id}"])[f"stay:{stay.id}"]

    assert (found.kind, found.person, found.on_day) == ("stay", "王桂英", stay.admitted_on)
    assert found.called


def test_several_kinds_are_found_together(session):
    site = make_site(session, name="康乐养老院")
    found = find_subjects(session, [f"site:{site.id}", "stay:9", "caregiver:9"])

    assert found[f"site:{site.id}"] == Subject("site", site.id, called="康乐养老院")
    assert found["caregiver:9"] == Subject("caregiver", 9)


def test_what_is_not_seen_is_its_number(session):
    assert find_subjects(session, ["renovation:99"]) == {"renovation:99": Subject("renovation", 99)}


def test_a_kind_of_which_nobody_knows_is_left_as_it_is(session):
    assert find_subjects(session, ["plant:3"])["plant:3"] == Subject("plant", 3)


def test_nothing_is_found_of_nothing(session):
    assert find_subjects(session, []) == {}
