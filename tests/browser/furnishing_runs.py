"""A month of subsidies at the demo's first care home, reckoned, with a trial beside it."""

from sqlalchemy import select
from sqlmodel import Session, col

from infra.demo.sites import FIRST_CARE_HOME
from server import clock
from server.providers.models import Site
from server.residents.models import Resident
from server.subsidies.reckoning import service
from server.subsidies.reckoning.months import month_after
from tests.factories.reckoning import FULL, make_cases, reckon_all

PEOPLE = 40
LEVELS = ("moderate", "severe", "total", "mild")


def furnish_runs(session: Session) -> None:
    """The month before last, so that the last one is free for whoever begins a run."""
    site = session.execute(select(Site).where(col(Site.source_key) == FIRST_CARE_HOME)).scalar_one()
    elders = session.execute(select(col(Resident.id)).order_by(col(Resident.id)).limit(PEOPLE))
    cases = [
        {"site_id": site.id, "resident_id": elder, "beneficiary_id": elder,
         "subject": f"stay:{elder}", "facts": _facts(place)}
        for place, elder in enumerate(elders.scalars())
    ]  # fmt: skip
    first = month_after(clock.today().replace(day=1), -2)
    run = reckon_all(session, make_cases(session, cases, first_month=first))
    changes = {"amounts.by_ability.1.fen": 35_000, "amounts.by_ability.0.fen": 18_000}
    reckon_all(session, service.start_trial(session, run.id or 0, changes))


def _facts(place: int) -> dict[str, object]:
    return FULL | {
        "age": 70 + place % 25, "ability_level": LEVELS[place % len(LEVELS)],
        "stars": 1 + place % 5, "is_local": True, "has_payee": True, "bed_is_nursing": True,
        "hardship_tier": "none",
        "days_in_bed": 31 if place % 7 else 12,
    }  # fmt: skip
