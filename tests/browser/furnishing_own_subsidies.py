"""Elders who are paid a subsidy month by month, may ask for another, and owe some of it back: one
with a phone of her own, and one whose daughter asks for her."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from infra.demo.sites import FIRST_CARE_HOME
from server import clock
from server.identity.models import Account
from server.providers.models import Site
from server.residents.models import ResidentGrant
from server.subsidies.claims.asking import begin_claim
from server.subsidies.claims.models import Claimant
from server.subsidies.claims.rules import months_after
from server.subsidies.models import RunKind, RunStage, SubsidyRun
from server.subsidies.notices.publishing import publish_notice
from server.subsidies.recoveries.owing import take_back_of_run
from tests.factories.claims import claimed_programme
from tests.factories.people import make_account, make_resident
from tests.factories.subsidies import make_run, make_version, move_run
from tests.factories.subsidy_money import make_payable, paid_to

About = dict[str, int | None]
PAID_ELDERS_PHONE, PAID_ELDER = "+8619900000041", "温岁安"
DAUGHTERS_PHONE = "+8619900000002"
NEIGHBOURS = 55
GRANT = {"zh": "护理补贴", "en": "Care grant"}
VOUCHER = {"zh": "适老化补贴", "en": "Grant for a safe home"}
MONTHLY = {"zh": "高龄照护补贴", "en": "Grant for the very old"}
TOO_MUCH = {
    "before_fen": 30_000, "now_fen": 10_000, "changed": {"days_in_bed": [31, 10]}, "reasons": [],
    "base_fen": 30_000, "count": [10, 31], "rows": {"by_ability": 1}, "factors": {"star": 2},
}  # fmt: skip
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
    mother = {"resident_id": _mother(session), "site_id": site.id}
    asked = _let_them_ask(session, [about, mother])
    _owe(session, [about, mother])
    begin_claim(
        session, claimant=Claimant.RESIDENT, claimant_id=mother["resident_id"] or 0,
        programme=asked.programme, first_month=asked.first_month,
    )  # fmt: skip


def _owe(session: Session, whom: Sequence[About]) -> None:
    """Two thirds of a month were too much: fewer days than were thought."""
    version = make_version(
        session, paid_to("resident", most_percent=30, programme="own_month", family="own_month",
                         name=MONTHLY),
    )  # fmt: skip
    month = _month(4)
    run = make_payable(session, whom, version=version, first_month=month)
    lines = [
        {**one, "amount_fen": -20_000, "of_run_id": run.id, "of_number": number, "trace": TOO_MUCH}
        for number, one in enumerate(whom, start=1)
    ]
    made = make_payable(session, lines, version=version, kind=RunKind.DIFFERENCE, of_run_id=run.id,
                        first_month=month)  # fmt: skip
    take_back_of_run(session, made.id or 0)


def _mother(session: Session) -> int | None:
    """Whom the daughter of the demo acts for first."""
    query = (
        select(col(ResidentGrant.resident_id))
        .join(Account, col(Account.id) == col(ResidentGrant.account_id))
        .where(col(Account.phone) == DAUGHTERS_PHONE)
        .order_by(col(ResidentGrant.resident_id))
    )
    return session.execute(query.limit(1)).scalar_one()


def _let_them_ask(session: Session, whom: Sequence[About]) -> SubsidyRun:
    asked = make_version(
        session, claimed_programme(
            by="resident", payee="resident", programme="own_voucher", family="own_voucher",
            name=VOUCHER, period="year",
        ),
    )  # fmt: skip
    last_year = date(clock.today().year - 1, 1, 1)
    return make_run(session, whom, version=asked, first_month=last_year, months=12)


def _month(back: int) -> date:
    return months_after(clock.today().replace(day=1), -back)
