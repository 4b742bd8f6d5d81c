"""The county confirms that somebody died in a home, or finds that it was a mistake."""

from datetime import date

from sqlmodel import Session

from server import clock
from server.db.refusals import all_or_nothing
from server.db.sessions import reaching_everywhere
from server.errors import NotFound
from server.facilities.departures import bring_stays_back
from server.facilities.stays.dying import journal_of_deaths
from server.findings.models import Finding, FindingKind
from server.findings.queries import lock_finding
from server.findings.service import settle_finding, take_finding
from server.residents.departures.events import DepartureReversed
from server.residents.departures.models import IN_A_HOME, DepartureKind
from server.residents.departures.queries import lock_residents
from server.residents.departures.service import report_departure


@all_or_nothing
def confirm_death(
    session: Session, finding_id: int, *, died_on: date | None = None, note: str
) -> None:
    """Report the death that a home told of, and end everything that ends with it.

    Without a day it was the last of the stay. Taking the report back brings back the stay as well.
    Raises what `settle_finding` and `report_departure` raise; `NotFound` for a finding of another
    kind, or about somebody out of reach.
    """
    finding = _of_a_death(session, finding_id)
    lock_residents(session, [_resident(finding)])
    take_finding(session, finding_id, due_on=clock.today())
    settle_finding(session, finding_id, is_true=True, note=note)
    report_departure(
        session,
        resident_id=_resident(finding),
        kind=DepartureKind.DIED,
        happened_on=died_on or date.fromisoformat(str(finding.evidence["ended_on"])),
        source=IN_A_HOME,
        reference=finding.subject,
    )


@all_or_nothing
def deny_death(session: Session, finding_id: int, *, note: str) -> None:
    """The person lives: the stay goes on, in its bed where nobody else has it by now.

    Raises what `settle_finding` raises, and `NotFound` as `confirm_death` does.
    """
    finding = _of_a_death(session, finding_id)
    resident_id, stay_id = _resident(finding), finding.evidence["stay_id"]
    lock_residents(session, [resident_id])
    take_finding(session, finding_id, due_on=clock.today())
    settle_finding(session, finding_id, is_true=False, note=note)
    with reaching_everywhere(session):
        told = journal_of_deaths(session, [resident_id])
        entries = [entry for _, stay, entry in told if stay == stay_id]
        bring_stays_back(session, DepartureReversed(resident_id, entries))
    session.expire_all()


def _of_a_death(session: Session, finding_id: int) -> Finding:
    finding = lock_finding(session, finding_id)
    if finding.kind is not FindingKind.DEATH_IN_A_STAY:
        raise NotFound()
    return finding


def _resident(finding: Finding) -> int:
    assert finding.resident_id is not None, "a death is somebody's"
    return finding.resident_id
