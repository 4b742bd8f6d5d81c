"""Papers that a claim rests on, and which of them nobody has put into the file yet."""

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
    contract, certificate = case.contract, case.certificate
    if (asked.contract or asked.contract_years) and not (contract and contract.has_paper):
        missing.append(CONTRACT)
    if asked.certificate and not (certificate and certificate.has_paper):
        missing.append(CERTIFICATE)
    if isinstance(rule.amounts, ByDegree) and not any(
        one.is_recognised for one in known.educations
    ):
        missing.append(RECOGNITION)
    if not known.has_payee:
        missing.append(PAYEE)
    return missing
