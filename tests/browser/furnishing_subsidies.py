"""Runs of two programmes at the demo's first care home, one line for somebody who had died; and a
month of meals from the counter of a canteen."""

from datetime import date

from sqlalchemy import select, update
from sqlmodel import Session, col

from infra.demo.sites import FIRST_CARE_HOME
from server.facilities.models import Stay
from server.providers.models import Site
from server.subsidies.checks.service import check_runs
from server.subsidies.models import SubsidyRun
from server.subsidies.reckoning.service import discard
from server.subsidies.samples.service import bind, draw
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.meal_runs import CANTEEN, make_meal_run
from tests.factories.people import make_resident
from tests.factories.subsidies import a_programme, make_run, make_version
from tests.factories.subsidy_faults import IN_BED, Plants

SEED = "太行山上的雪二零二六年一月"
SUBSIDISED = date(2026, 1, 1)


def furnish_subsidies(session: Session) -> None:
    """Three months that are reckoned, held against the checks, and drawn from."""
    home = session.execute(select(Site).where(col(Site.source_key) == FIRST_CARE_HOME)).scalar_one()
    plants = Plants(session)
    elders = [make_resident(session) for _ in range(4)]
    for elder in elders:
        plants.lay(elder, date(2025, 6, 1), date(2026, 5, 1))
        plants.assessed(elder)
    plants.died(elders[0], date(2025, 12, 28))
    version = make_version(session)
    nursing = {"zh": "护理型床位补贴", "en": "Nursing beds"}
    other = make_version(
        session, a_programme(programme="nursing_beds", family="nursing_beds", name=nursing)
    )
    for month in range(3):
        first = SUBSIDISED.replace(month=month + 1)
        lines = [
            {
                "resident_id": one.id,
                "site_id": home.id,
                "facts": IN_BED,
                "subject": _stay(session, one.id),
            }
            for one in elders
        ]
        run = make_run(session, lines, version=version, first_month=first)
        make_run(session, lines[1:], version=other, first_month=first)
        check_runs(session, [run.id])
        if month == 0:
            sample = bind(session, run.id, size=3, bands=3, seed=SEED)
            draw(session, sample.id or 0, seed=SEED)
    _let_meals_go(session)
    make_meal_run(session)
    _move_away(session)


def _let_meals_go(session: Session) -> None:
    """The demo's own run of the month makes room for one with this canteen in it."""
    of_meals = select(col(SubsidyRun.id)).where(col(SubsidyRun.programme) == "meals")
    for run_id in session.execute(of_meals).scalars():
        discard(session, run_id, words="重新核算")


def _move_away(session: Session) -> None:
    """The canteen has no menu; elders look for lunch at the one that is nearest to them."""
    elsewhere = update(Site).where(col(Site.name) == CANTEEN)
    session.execute(elsewhere.values(division_code=OTHER_COUNTY_VILLAGE))


def _stay(session: Session, resident_id: int) -> str:
    stay = select(col(Stay.id)).where(col(Stay.resident_id) == resident_id)
    return f"stay:{session.execute(stay).scalar_one()}"
