"""Programmes that somebody must ask for, and claims of them."""

from datetime import date, timedelta

import time_machine
from sqlmodel import select

from server import clock
from server.identity.models import Role
from server.subsidies.approvals.approving import approve_next, list_approving
from server.subsidies.approvals.models import ReviewState, SubsidyReview
from server.subsidies.approvals.reviewing import hold_lines_out, submit_run
from server.subsidies.claims.asking import add_paper, begin_claim, hand_in
from server.subsidies.claims.models import (
    Claimant,
    Part,
    SubsidyClaim,
    SubsidyClaimPaper,
    SubsidyStandIn,
)
from server.subsidies.claims.rules import months_after
from server.subsidies.claims.writing import put_hands
from server.subsidies.notices.models import SubsidyNotice, SubsidyObjection, Via
from server.subsidies.notices.objecting import object_to
from server.subsidies.notices.publishing import publish_notice
from tests.factories.assessments import Office
from tests.factories.people import make_staff
from tests.factories.pictures import picture
from tests.factories.subsidies import BASIS, a_programme, make_run, make_version

IN_FEBRUARY = "2026-02-10 09:00:00+08:00"
JANUARY = date(2026, 1, 1)
TOWN, COUNTY = "140502001", "140502"
STAGES = [
    {"at": "town", "working_days": 5},
    {"at": "county", "working_days": 10},
    {"at": "city", "working_days": 3},
]
BED_BOOK = {"id": "bed_book", "name": {"zh": "入住台账", "en": "Register of residents"}}
CONTRACTS = {"id": "contracts", "name": {"zh": "服务合同", "en": "Contracts"}, "is_required": False}


def claimed_programme(*, by="site", stages=STAGES, windows=(), evidence=(BED_BOOK,), **changes):
    """A programme that is claimed. Its facts have no source: the latest run's lines stand in."""
    claim = {"by": by, "windows": list(windows), "evidence": list(evidence), **BASIS}
    approval = {"stages": list(stages), **BASIS}
    notice = {"days": 7, **BASIS}
    return a_programme(facts="tests_only", claim=claim, approval=approval) | (
        {"notice": notice} | changes
    )


def make_claimed(session, **given):
    """Put a programme that is claimed into force."""
    return make_version(session, claimed_programme(**given))


def make_cases(session, site, *, version, lines=2, **given):
    """A run whose lines say what a site is due for January."""
    cases = [{"site_id": site.id, "subject": f"stay:{number}"} for number in range(lines)]
    return make_run(session, cases, version=version, **given)


def make_claim(session, site, *, programme="facility_operation", month=JANUARY, papers=True):
    """A claim of a site, with its one paper, not handed in."""
    claim = begin_claim(
        session, claimant=Claimant.SITE, claimant_id=site.id, programme=programme,
        first_month=month,
    )  # fmt: skip
    if papers:
        add_paper(session, claim.id, evidence="bed_book", content=picture())
    return claim


def make_published(session, resident, site, *, county, sign):
    """A run of a county whose notice stands, with a line held out, an objection, and a claim."""
    version = make_version(session, claimed_programme(evidence=[BED_BOOK]))
    lines = [{"resident_id": resident.id, "site_id": site.id}] * 2
    lines = [one | {"part": part} for part, one in enumerate(lines)]
    run = make_run(session, lines, version=version, division_code=county)
    month = months_after(clock.today().replace(day=1), -1)
    claim = make_claim(session, site, month=month)
    hand = {"claim_id": claim.id, "staff_id": run.made_by, "part": Part.MAKER}
    put_hands(session, [hand])
    submit_run(session, run.id)
    hold_lines_out(session, run.id, [2], words=f"{sign}待核实")
    review = session.exec(select(SubsidyReview).where(SubsidyReview.run_id == run.id)).one()
    approver = make_staff(session, Role.APPROVER, division_code="1405")
    review.state, review.control_fen = ReviewState.APPROVING, 30000
    review.pressed_at, review.pressed_by = clock.now(), approver.id
    session.flush()
    while any(approve_next(session, one) for one in list_approving(session)):
        pass
    code = publish_notice(session, run.id).code
    object_to(session, code=code, said=f"{sign}不在院", via=Via.WINDOW, contact=sign, line=1)
    return run


def keys_of_published(session, run, site, *, staff):
    """Keys of what `make_published` made, by the parameters of the console; with a stand-in."""
    notice = session.exec(select(SubsidyNotice).where(SubsidyNotice.run_id == run.id)).one()
    of_it = SubsidyObjection.notice_id == notice.id
    claim = session.exec(select(SubsidyClaim).where(SubsidyClaim.site_id == site.id))
    claim_id = claim.one().id
    paper = session.exec(select(SubsidyClaimPaper).where(SubsidyClaimPaper.claim_id == claim_id))
    stand_in = SubsidyStandIn(
        staff_id=staff.id, stand_in_id=_colleague(session, run).id,
        starts_on=clock.today(), ends_on=clock.today() + timedelta(days=1), named_at=clock.now(),
    )  # fmt: skip
    session.add(stand_in)
    session.flush()
    return {
        "subsidy_notice_id": notice.id,
        "subsidy_objection_id": session.exec(select(SubsidyObjection).where(of_it)).one().id,
        "subsidy_claim_id": claim_id,
        "subsidy_paper_id": paper.one().id,
        "stand_in_id": stand_in.id,
    }


def _colleague(session, run):
    return make_staff(session, Role.COUNTY_OFFICER, division_code=run.division_code)


class Offices:
    """Everybody a claim of a site in 东街街道 goes through, each by a sign-in of their own."""

    def __init__(self, session, site):
        self.operator = Office(session, Role.FACILITY_OPERATOR, site_id=site.id)
        self.town = Office(session, Role.COUNTY_OFFICER, TOWN)
        self.county = Office(session, Role.COUNTY_OFFICER, COUNTY)
        self.city = Office(session, Role.CITY_OFFICER, "1405")
        self.colleague = Office(session, Role.COUNTY_OFFICER, COUNTY)
        session.commit()

    def begin(self, site, **given):
        with self.operator.at_work() as session:
            return make_claim(session, site, **given).id

    def hand_in(self, claim_id):
        with self.operator.at_work() as session:
            return hand_in(session, claim_id)


def in_february(*, tick=True):
    return time_machine.travel(IN_FEBRUARY, tick=tick)
