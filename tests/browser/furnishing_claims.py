"""A programme that sites claim, at the demo's first care home, with last month reckoned."""

from sqlalchemy import insert, select
from sqlmodel import Session, col

from infra.demo.sites import FIRST_CARE_HOME
from infra.demo.staff import second_factor_secret
from server import clock
from server.identity.models import Role, SecondFactor, Staff, StaffPassword, StaffRole
from server.identity.service.second_factors import seal_secret
from server.providers.models import Site
from server.subsidies.reckoning.months import month_after
from tests.factories.claims import STAGES, claimed_programme
from tests.factories.people import make_resident
from tests.factories.subsidies import make_run, make_version

CLAIMED = "机构照护补贴"
TOWN_OFFICER = "townoffice"


def furnish_claims(session: Session) -> None:
    """Three elders of one month, and an officer of the home's town who has no other office."""
    home = session.execute(select(Site).where(col(Site.source_key) == FIRST_CARE_HOME)).scalar_one()
    stages = STAGES if len(home.division_code) >= 9 else STAGES[1:]
    version = make_version(
        session,
        claimed_programme(
            stages=stages,
            programme="home_care_months",
            family="home_care_months",
            name={"zh": CLAIMED, "en": "Care in homes"},
            budget_line=CLAIMED,
        ),
    )
    lines = [
        {"site_id": home.id, "resident_id": make_resident(session).id, "subject": f"stay:{number}"}
        for number in range(1, 4)
    ]
    first = month_after(clock.today().replace(day=1), -1)
    make_run(session, lines, version=version, first_month=first)
    _hire(session, home.division_code[:9])


def _hire(session: Session, division_code: str) -> None:
    """An officer with the password of the demo's operator."""
    operator = select(col(Staff.id)).where(col(Staff.sign_in_name) == "operator")
    known = select(StaffPassword).where(
        col(StaffPassword.staff_id) == session.execute(operator).scalar_one()
    )
    password = session.execute(known).scalar_one()
    staff = Staff(sign_in_name=TOWN_OFFICER, display_name="镇办", language="zh-CN")
    session.add(staff)
    session.flush()
    office = {"role": Role.COUNTY_OFFICER, "division_code": division_code}
    session.execute(insert(StaffRole).values(staff_id=staff.id, starts_on=clock.today(), **office))
    secret = {"password_hash": password.password_hash, "changed_at": password.changed_at}
    session.execute(insert(StaffPassword).values(staff_id=staff.id, **secret))
    now = clock.now()
    sealed = seal_secret(second_factor_secret(0, TOWN_OFFICER))
    factor = {"secret_cipher": sealed, "begun_at": now, "confirmed_at": now}
    session.execute(insert(SecondFactor).values(staff_id=staff.id, **factor))
