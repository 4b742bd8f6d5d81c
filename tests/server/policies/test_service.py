"""Figures with their days and their source."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from server.policies.errors import RuleMissing
from server.policies.models import Parameter
from server.policies.queries import get_figures
from server.policies.service import PACKS, end_figure, load_pack

CAP = "meals.subsidised_meals_a_day"
ON = date(2026, 11, 22)


def figure(session, on=ON):
    return get_figures(session, [CAP], on=on)[CAP]


def a_successor(old):
    return Parameter(
        key=CAP,
        key_no=old.key_no,
        value=3,
        starts_on=ON,
        document="晋民发〔2026〕9 号",
        clause="三",
        standing=old.standing,
        pack="city",
    )


def test_the_pack_of_the_demo_is_marked_as_a_reference(session):
    rows = session.execute(text("SELECT key, standing, source FROM parameter")).all()

    assert rows
    assert {row.standing for row in rows} == {"reference", "unsourced"}
    assert all(row.source for row in rows)


def test_loading_a_pack_again_changes_nothing(session):
    assert load_pack(session, "reference") == 0


def test_a_figure_names_the_row_it_comes_from(session):
    found = figure(session)

    assert found.value == 2
    assert session.get_one(Parameter, found.parameter_id).key == CAP


def test_a_day_without_a_figure_is_refused(session):
    with pytest.raises(RuleMissing) as refused:
        figure(session, on=date(2000, 1, 1))

    assert refused.value.facts == {"parameter": CAP, "day": "2000-01-01"}


def test_one_figure_ends_and_the_next_begins(session):
    old = session.get_one(Parameter, figure(session).parameter_id)
    end_figure(session, old.id, on=ON)
    session.add(a_successor(old))
    session.flush()

    assert figure(session, on=ON - timedelta(days=1)).value == 2
    assert figure(session, on=ON).value == 3


def test_two_figures_of_a_key_never_hold_on_one_day(session):
    old = session.get_one(Parameter, figure(session).parameter_id)
    session.add(a_successor(old))

    with pytest.raises(IntegrityError, match="ex_parameter"):
        session.flush()


@pytest.mark.parametrize("pack", sorted(one.name for one in PACKS.glob("meals-*")))
def test_a_citys_own_rules_for_meals_can_be_put_over_the_reference(session, pack):
    assert load_pack(session, pack) in (1, 2)
    assert load_pack(session, pack) == 0
