"""Programmes that somebody must ask for, and claims of them."""

from datetime import date

import time_machine

from server.identity.models import Role
from server.subsidies.claims.asking import add_paper, begin_claim, hand_in
from server.subsidies.claims.models import Claimant
from tests.factories.assessments import Office
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
