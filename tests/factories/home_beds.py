"""Beds at home on their way, moved by the offices that move them."""

from contextlib import contextmanager, nullcontext
from datetime import timedelta

import time_machine

from server import clock
from server.db import sessions
from server.db.acts import Act, Face, acting
from server.facilities.referrals.models import RequestedBy
from server.homecare.beds import applying, preparing, publishing, serving
from server.homecare.beds.preparing import Built, Terms
from server.homecare.models import HomeBed
from server.identity.models import Role
from server.residents.assessments.models import AbilityLevel
from tests.cities import VILLAGE
from tests.factories.alarms import make_call_device
from tests.factories.assessments import give_level
from tests.factories.people import make_sign_in, make_staff


class Office:
    """Somebody on the staff of a place or of an office, who acts by a sign-in of their own."""

    def __init__(self, session, role, **where):
        self.staff = make_staff(session, role, **where)
        self.token = make_sign_in(session, staff=self.staff, days=3_650)

    @contextmanager
    def at_work(self, *, writes=True):
        with (
            acting(Act(Face.CONSOLE, "tests", "test", token=self.token)),
            sessions.transaction(writes=writes) as session,
        ):
            yield session

    def does(self, deed, *args, **kwargs):
        with self.at_work() as session:
            return deed(session, *args, **kwargs)


class Offices:
    """Everybody a bed at home meets: community, county and one provider."""

    def __init__(self, session, site):
        self.site = site
        self.community = Office(session, Role.COMMUNITY_WORKER, division_code=VILLAGE)
        self.county = Office(session, Role.COUNTY_OFFICER, division_code=VILLAGE[:6])
        self.provider = Office(session, Role.HOME_CARE_PROVIDER, site_id=site.id)


def terms(*, months=12, **given):
    today = clock.today()
    values = {
        "starts_on": today,
        "ends_on": today + timedelta(days=31 * months),
        "monthly_fee_fen": 180_000,
        "own_pay_fen": 60_000,
        "signed_by": "王秀英",
    }
    return Terms(**values | given)


def built(number, **given):
    values = {
        "cost_fen": 320_000,
        "invoice_ref": f"发票{number:08d}",
        "installed_on": clock.today(),
        "inventory": "呼叫器1个，烟感1个，床边护栏1副",
    }
    return Built(**values | given)


def some_days_ago(days=4):
    """Long enough ago for a notice of today to be over today."""
    return time_machine.travel(clock.now() - timedelta(days=days))


class Way:
    """One person's bed, brought as far as asked: `Way(session, offices, resident).to("signing")`.

    All up to the notice was done some days ago, so that it is over today.
    """

    STEPS = (
        "applied", "precheck", "assessment", "notice", "signing", "building", "acceptance",
        "accepted", "serving",
    )  # fmt: skip
    AGO = STEPS[:4]

    def __init__(self, session, offices, resident, *, level=AbilityLevel.MODERATE):
        self.session, self.offices, self.resident = session, offices, resident
        if level is not None:
            with some_days_ago():
                give_level(session, resident, level)
        session.commit()
        self.bed_id = None

    def to(self, state):
        """Take every step up to the state, and return the bed's number."""
        for reached in self.STEPS[: self.STEPS.index(state) + 1]:
            with some_days_ago() if reached in self.AGO else nullcontext():
                getattr(self, f"_{reached}")()
        self.session.expire_all()
        return self.bed_id

    def _applied(self):
        wish = {"resident_id": self.resident.id, "requested_by": RequestedBy.STAFF}
        self.bed_id = self.offices.community.does(applying.apply, **wish).id

    def _precheck(self):
        self.offices.community.does(applying.take_up, self.bed_id)

    def _assessment(self):
        self.offices.community.does(applying.pass_precheck, self.bed_id)

    def _notice(self):
        provider = self.offices.site.id
        self.offices.county.does(publishing.open_notice, self.bed_id, site_id=provider)

    def _signing(self):
        self.offices.county.does(publishing.close_notice, self.bed_id)

    def _building(self):
        self.offices.provider.does(preparing.sign, self.bed_id, terms())
        with self.offices.provider.at_work() as session:
            make_call_device(session, session.get(HomeBed, self.bed_id))

    def _acceptance(self):
        self.offices.provider.does(preparing.record_build, self.bed_id, built(self.bed_id))

    def _accepted(self):
        self.offices.community.does(preparing.accept, self.bed_id)
        self.offices.county.does(preparing.accept, self.bed_id)

    def _serving(self):
        self.offices.provider.does(serving.begin, self.bed_id)
