"""Papers that money rests on: of whom each is asked, and what in the file satisfies it.

One list for the file's page, for reminders and for claims, so that nobody is told at the end of a
window what nobody told them before. A contract that is written down counts as it stands, its scan
beside it or not. A certificate is proved by a scan, by the issuer's own register, or by a course
of this city.
"""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum

from server.caregivers.allowances.conditions import Case, lasts_long_enough
from server.caregivers.allowances.given import Known, Rule
from server.caregivers.allowances.terms import ByDegree, BySkillLevel


class Paper(StrEnum):
    """What a file may lack, as reminders name it."""

    CONTRACT = "contract"
    CERTIFICATE = "certificate"
    CERTIFICATE_PROOF = "certificate_proof"
    DEGREE = "degree"
    PAYEE = "payee"


# Of what papers the facts themselves rest on when they are handed in to the county.
IN_CLAIMS: Mapping[Paper, str] = {
    Paper.CONTRACT: "contract_paper",
    Paper.CERTIFICATE: "certificate_paper",
    Paper.CERTIFICATE_PROOF: "certificate_paper",
    Paper.DEGREE: "recognition",
    Paper.PAYEE: "payee_account",
}
PAPERS = tuple(dict.fromkeys(IN_CLAIMS.values()))


def missing_papers(known: Known, rule: Rule, day: date) -> list[Paper]:
    """Return what is missing of the papers that the programme's own figures ask for."""
    case = Case(known, rule, day)
    return [paper for paper, is_missing in MISSING.items() if is_missing(case)]


def names_in_claims(papers: list[Paper]) -> list[str]:
    """Return how a claim names what is missing."""
    return [IN_CLAIMS[one] for one in papers]


def _contract(case: Case) -> bool:
    """Asked of whoever is at work: nobody else could sign one."""
    asked = case.rule.conditions
    if case.work is None or not (asked.contract or asked.contract_years):
        return False
    return case.contract is None or not lasts_long_enough(case.contract, asked.contract_years or 0)


def _certificate(case: Case) -> bool:
    return _rests_on_a_certificate(case) and case.certificate is None


def _certificate_proof(case: Case) -> bool:
    good = case.certificate
    return _rests_on_a_certificate(case) and good is not None and not good.is_proved


def _rests_on_a_certificate(case: Case) -> bool:
    return bool(case.rule.conditions.certificate) or isinstance(case.rule.amounts, BySkillLevel)


def _degree(case: Case) -> bool:
    is_asked = isinstance(case.rule.amounts, ByDegree)
    return is_asked and not any(one.is_recognised_on(case.day) for one in case.known.educations)


def _payee(case: Case) -> bool:
    return not case.known.has_payee


MISSING: Mapping[Paper, Callable[[Case], bool]] = {
    Paper.CONTRACT: _contract,
    Paper.CERTIFICATE: _certificate,
    Paper.CERTIFICATE_PROOF: _certificate_proof,
    Paper.DEGREE: _degree,
    Paper.PAYEE: _payee,
}
