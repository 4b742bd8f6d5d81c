"""Writes a list of staff into the register: everybody of it or nobody, and twice is as once.

Who is known stays as the register has them; what the list knows more of them, a certificate or a
degree, is added.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select
from sqlmodel import Session, col

from server import clock
from server.caregivers.certifying import new_check_code
from server.caregivers.importing import Line, Lines
from server.caregivers.lines import hide
from server.caregivers.linking import let_sign_in
from server.caregivers.models import (
    ID_NUMBER_FIELD,
    Caregiver,
    CaregiverEducation,
    Employment,
    EmploymentContract,
    InsurancePayer,
    SkillCertificate,
)
from server.caregivers.registering import Entry, sealed
from server.db.refusals import refusing
from server.db.sessions import TryAgain, actor_of, reaching_everywhere
from server.intake.findings import error
from server.providers.models import Site
from server.secrets.fields import keyring

BROKEN = {
    "uq_caregiver_id_number_digest": TryAgain(),
    "uq_skill_certificate_number": TryAgain(),
}


@dataclass
class Loaded:
    """How many people are new, and how many papers of known people."""

    new: int = 0
    papers: int = 0
    people: int = 0
    is_written: bool = False

    @property
    def changed(self) -> int:
        """As import reports count: known people of whom the list knew more."""
        return self.papers

    @property
    def unchanged(self) -> int:
        """Known people who are as the register has them."""
        return max(0, self.people - self.new - self.papers)


def load(
    session: Session, lines: Lines, *, site_ids: Sequence[int], is_written: bool = True
) -> Loaded:
    """Check the list against the register, and write it where every row can be used.

    `site_ids` are the sites that the list may speak of. What stands against a row is noted among
    the findings, in which people are masked afterwards.
    """
    known = _known(session, lines.people)
    sites = _sites(session, lines, site_ids)
    _check_known(lines, known, site_ids)
    papers = _new_papers(session, lines, known)
    new = [one for one in lines.people if _digest(one) not in known]
    loaded = Loaded(len(new), len(papers), len(lines.people))
    if is_written and lines.is_sound:
        _write(session, new, sites)
        let_sign_in(session, [line.phone for line in new if line.phone])
        with refusing(session, BROKEN):
            session.add_all(papers)
        loaded.is_written = True
    hide(lines.checked)
    return loaded


def _known(session: Session, people: Sequence[Line]) -> dict[bytes, Row[Any]]:
    """Everybody of the list who is in the register, wherever; no more is read of them."""
    query = select(
        col(Caregiver.id), col(Caregiver.id_number_digest), col(Caregiver.keeper_site_id)
    ).where(col(Caregiver.id_number_digest).in_([_digest(one) for one in people]))
    with reaching_everywhere(session):
        return {row.id_number_digest: row for row in session.execute(query)}


def _sites(session: Session, lines: Lines, site_ids: Sequence[int]) -> dict[int, int]:
    """Return the site of each row, by its number; a row that names none means the only one."""
    query = select(col(Site.id), col(Site.name)).where(col(Site.id).in_(site_ids))
    rows = session.execute(query.order_by(col(Site.id))).all()
    named: dict[str, list[int]] = {}
    for row in rows:
        named.setdefault(row.name, []).append(row.id)
        named.setdefault(str(row.id), []).append(row.id)
    only = [rows[0].id] if len(rows) == 1 else []
    found: dict[int, int] = {}
    for line in lines.people:
        meant = named.get(line.site, []) if line.site else only
        if len(meant) == 1:
            found[line.row.number] = meant[0]
        else:
            lines.checked.note(line.row, "site", line.site or "", error("facility-not-yours"))
    return found


def _check_known(lines: Lines, known: Mapping[bytes, Row[Any]], site_ids: Sequence[int]) -> None:
    own = set(site_ids)
    for line in lines.people:
        one = known.get(_digest(line))
        if one is not None and one.keeper_site_id not in own:
            lines.checked.note(line.row, "id_number", line.number, error("caregiver-elsewhere"))


def _new_papers(
    session: Session, lines: Lines, known: Mapping[bytes, Row[Any]]
) -> list[CaregiverEducation | SkillCertificate]:
    """Degrees and certificates that the register lacks, of people whom it knows."""
    ids = [row.id for row in known.values()]
    degrees = _pairs(session, CaregiverEducation.caregiver_id, CaregiverEducation.degree, ids)
    numbers = _holders(session, lines.people)
    papers: list[CaregiverEducation | SkillCertificate] = []
    for line in lines.people:
        who = known.get(_digest(line))
        said = line.certificate
        holder = numbers.get(said.number) if said else None
        if holder is not None and (who is None or holder != who.id):
            lines.checked.note(
                line.row, "certificate_number", said.number if said else "",
                error("certificate-number-taken"),
            )  # fmt: skip
        elif who is not None:
            if said is not None and holder is None:
                papers.append(_certificate(who.id, line))
            if line.education is not None and (who.id, line.education.degree) not in degrees:
                papers.append(_education(who.id, line))
    return papers


def _pairs(session: Session, who: Any, what: Any, ids: Iterable[int]) -> set[tuple[int, Any]]:
    query = select(col(who), col(what)).where(col(who).in_(list(ids)))
    return {(row[0], row[1]) for row in session.execute(query)}


def _holders(session: Session, people: Sequence[Line]) -> dict[str, int]:
    numbers = [one.certificate.number for one in people if one.certificate is not None]
    query = select(col(SkillCertificate.number), col(SkillCertificate.caregiver_id)).where(
        col(SkillCertificate.number).in_(numbers)
    )
    with reaching_everywhere(session):
        return {row.number: row.caregiver_id for row in session.execute(query)}


def _write(session: Session, new: Sequence[Line], sites: Mapping[int, int]) -> None:
    """Rows of a kind are sent together, so that hundreds take a few statements."""
    staff_id, now = actor_of(session).staff_id, clock.now()
    people = [(line, _person(line, sites[line.row.number])) for line in new]
    with refusing(session, BROKEN):
        session.add_all([caregiver for _line, caregiver in people])
        session.flush()
        employments = [
            (line, _employment(line, one.id or 0, one.keeper_site_id)) for line, one in people
        ]
        for _line, employment in employments:
            employment.recorded_at, employment.recorded_by = now, staff_id
        session.add_all([employment for _line, employment in employments])
        session.flush()
        session.add_all(_contracts(employments))
        session.add_all([_education(one.id or 0, line) for line, one in people if line.education])
        session.add_all(
            [_certificate(one.id or 0, line) for line, one in people if line.certificate]
        )


def _person(line: Line, site_id: int) -> Caregiver:
    entry = Entry(
        site_id=site_id,
        name=line.name,
        id_number=line.number,
        phone=line.phone,
        payee_bank=line.payee_bank,
        payee_account=line.payee_account,
    )
    return sealed(entry, line.number)


def _employment(line: Line, caregiver_id: int, site_id: int) -> Employment:
    return Employment(
        caregiver_id=caregiver_id,
        site_id=site_id,
        post=line.post,
        is_front_line=line.is_front_line,
        is_full_time=line.is_full_time,
        on_establishment=line.on_establishment,
        starts_on=line.starts_on,
        recorded_at=clock.now(),
    )


def _contracts(employments: Sequence[tuple[Line, Employment]]) -> list[EmploymentContract]:
    return [
        EmploymentContract(
            employment_id=employment.id or 0,
            starts_on=line.contract[0],
            ends_on=line.contract[1],
            insurance_payer=InsurancePayer.EMPLOYER,
        )
        for line, employment in employments
        if line.contract is not None
    ]


def _education(caregiver_id: int, line: Line) -> CaregiverEducation:
    said = line.education
    assert said is not None, "asked of rows that name a degree"
    return CaregiverEducation(
        caregiver_id=caregiver_id,
        degree=said.degree,
        school=said.school,
        subject=said.subject,
        obtained_on=said.obtained_on,
        recognition=said.recognition,
        recognised_on=said.recognised_on,
    )


def _certificate(caregiver_id: int, line: Line) -> SkillCertificate:
    said = line.certificate
    assert said is not None, "asked of rows that name a certificate"
    return SkillCertificate(
        caregiver_id=caregiver_id,
        level=said.level,
        number=said.number,
        issuer=said.issuer,
        issued_on=said.issued_on,
        valid_until=said.valid_until,
        check_code=new_check_code(),
        recorded_at=clock.now(),
    )


def _digest(line: Line) -> bytes:
    return keyring().digest(line.number, ID_NUMBER_FIELD)
