"""Papers that a claim rests on, and which of them nobody has put into the file yet.

A contract that is written down counts as it stands, its scan beside it or not. A certificate
counts with a scan, found in the issuer's own register, or after a course of this city.
"""

from datetime import date

from server.caregivers.allowances.conditions import Case
from server.caregivers.allowances.given import Known, Rule
from server.caregivers.allowances.terms import ByDegree

CONTRACT, CERTIFICATE = "contract_paper", "certificate_paper"
RECOGNITION, PAYEE = "recognition", "payee_account"
PAPERS = (CONTRACT, CERTIFICATE, RECOGNITION, PAYEE)


def missing_papers(known: Known, rule: Rule, day: date) -> list[str]:
    """Return what is missing of the papers that the programme's own conditions ask for."""
    case = Case(known, rule, day)
    asked, missing = rule.conditions, []
    certificate = case.certificate
    if (asked.contract or asked.contract_years) and case.contract is None:
        missing.append(CONTRACT)
    if asked.certificate and not (certificate and certificate.is_proved):
        missing.append(CERTIFICATE)
    if isinstance(rule.amounts, ByDegree) and not any(
        one.is_recognised for one in known.educations
    ):
        missing.append(RECOGNITION)
    if not known.has_payee:
        missing.append(PAYEE)
    return missing
