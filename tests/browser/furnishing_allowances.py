"""A caregiver with a phone, and a window for claims that is open today, whatever day it is."""

from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from infra.demo.sites import FIRST_CARE_HOME
from server import clock
from server.caregivers.allowances.days import months_after
from server.caregivers.allowances.reckoning import reckon_site
from server.caregivers.allowances.terms import WINDOWS
from server.policies.models import Parameter
from server.policies.service import end_figure
from server.providers.models import Site
from tests.factories.allowances import make_complete
from tests.factories.people import make_account

CAREGIVERS_PHONE, CAREGIVERS_NAME = "+8619900000031", "许阳春"
SIX_MONTHS = 6
ALL_YEAR = [
    {"programme": programme, "opens": "01-01", "closes": "12-31"}
    for programme in ("post_allowance", "entry_reward")
]


def furnish_allowances(session: Session) -> None:
    """Somebody who was there for six months and not this one, at the demo's first care home."""
    site = session.execute(select(Site).where(col(Site.source_key) == FIRST_CARE_HOME)).scalar_one()
    this = clock.today().replace(day=1)
    months = [months_after(this, -back) for back in range(1, SIX_MONTHS + 1)]
    account = make_account(session, phone=CAREGIVERS_PHONE)
    make_complete(
        session, site, months=months, name=CAREGIVERS_NAME, account_id=account.id,
        learned_on=date(this.year - 1, 5, 5),
    )  # fmt: skip
    _take_claims(session)
    reckon_site(session, site.id or 0, months)


def _take_claims(session: Session) -> None:
    held = session.execute(
        select(Parameter).where(col(Parameter.key) == WINDOWS, col(Parameter.ends_on).is_(None))
    ).scalar_one()
    end_figure(session, held.id or 0, on=clock.today())
    session.add(
        Parameter(
            **held.model_dump(exclude={"id", "starts_on", "ends_on", "value"}),
            value=ALL_YEAR, starts_on=clock.today(),
        )
    )  # fmt: skip
    session.flush()
