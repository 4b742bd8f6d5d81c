"""An elder with a phone who is paid a subsidy, month by month, and may ask for another."""

from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from infra.demo.sites import FIRST_CARE_HOME
from server import clock
from server.providers.models import Site
from server.subsidies.claims.rules import months_after
from server.subsidies.models import RunStage
from server.subsidies.notices.publishing import publish_notice
from tests.factories.claims import claimed_programme
from tests.factories.people import make_account, make_resident
from tests.factories.subsidies import make_run, make_version, move_run

PAID_ELDERS_PHONE, PAID_ELDER = "+8619900000041", "温岁安"
NEIGHBOURS = 55
GRANT = {"zh": "护理补贴", "en": "Care grant"}
VOUCHER = {"zh": "适老化补贴", "en": "Grant for a safe home"}
REFUSED = {"outcome": "refused", "amount_fen": 0, "trace": {"reasons": ["conditions.in_bed"]}}


def furnish_own_subsidies(session: Session) -> None:
    """One month on show with a list of some length, one before approval, one without right."""
    site = session.execute(select(Site).where(col(Site.source_key) == FIRST_CARE_HOME)).scalar_one()
    elder = make_resident(session, name=PAID_ELDER)
    make_account(session, elder, phone=PAID_ELDERS_PHONE)
    grant = make_version(
        session, claimed_programme(
            by="nobody", payee="resident", programme="own_grant", family="own_grant", name=GRANT,
        ),
    )  # fmt: skip
    about = {"resident_id": elder.id, "site_id": site.id}
    others = [
        {"resident_id": make_resident(session).id, "site_id": site.id} for _ in range(NEIGHBOURS)
    ]
    run = make_run(session, [about, *others], version=grant, first_month=_month(1))
    publish_notice(session, move_run(session, run, RunStage.APPROVED).id or 0)
    for back, line in ((2, {}), (3, REFUSED)):
        run = make_run(session, [about | line], version=grant, first_month=_month(back))
        move_run(session, run, RunStage.IN_APPROVAL if back == 2 else RunStage.APPROVED)
    _let_her_ask(session, about)


def _let_her_ask(session: Session, about: dict[str, int | None]) -> None:
    asked = make_version(
        session, claimed_programme(
            by="resident", payee="resident", programme="own_voucher", family="own_voucher",
            name=VOUCHER, period="year",
        ),
    )  # fmt: skip
    last_year = date(clock.today().year - 1, 1, 1)
    make_run(session, [about], version=asked, first_month=last_year, months=12)


def _month(back: int) -> date:
    return months_after(clock.today().replace(day=1), -back)
