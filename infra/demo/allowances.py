"""Allowances in the demo: the last six months of whoever cares there, and claims in each state.

Where nobody cares yet, a handful of caregivers of two homes is put down first: with a certificate
that ran out, days that are missing, a degree that is not recognised.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from infra.demo.id_numbers import id_number
from infra.demo.sites import FIRST_CARE_HOME, FIRST_FILING_HOME
from server import clock
from server.caregivers.allowances.days import months_after
from server.caregivers.allowances.knowing import find_rulebook, list_sites
from server.caregivers.allowances.models import AllowanceClaim, AllowanceClaimLine, ClaimState
from server.caregivers.allowances.reckoning import reckon_site
from server.caregivers.allowances.terms import Programme
from server.caregivers.allowances.windows import windows_around
from server.caregivers.models import (
    ID_NUMBER_FIELD,
    PAYEE_FIELD,
    AttendanceMonth,
    AttendanceSource,
    Caregiver,
    CaregiverEducation,
    ContinuingEducation,
    Degree,
    Employment,
    EmploymentContract,
    InsurancePayer,
    Post,
    SkillCertificate,
)
from server.people.papers import pinyin_of
from server.secrets.fields import keyring

MONTHS = 6
COUNTY = "140502"
# Sequences of ID numbers that no other list of the demo uses.
FIRST_SEQUENCE = 121
ARE_THERE_ANY = text("SELECT EXISTS (SELECT 1 FROM caregiver_entitlement)")
IS_ANYBODY_THERE = text("SELECT EXISTS (SELECT 1 FROM caregiver)")
SITE = text("SELECT id FROM site WHERE source_key = :key")
STAFF = text("SELECT id FROM staff WHERE sign_in_name = :name")
ENTITLED = text(
    """
    SELECT caregiver_id, array_agg(id ORDER BY month) AS ids, min(site_id) AS site_id,
           sum(amount_fen)::int AS amount_fen, min(period) AS first, max(period) AS last
      FROM caregiver_entitlement
     WHERE superseded_at IS NULL AND state = 'entitled' AND programme = 'post_allowance'
       AND month >= :since AND month < :before
     GROUP BY caregiver_id ORDER BY caregiver_id LIMIT :limit
    """
)
LINES = text("SELECT id, period, amount_fen FROM caregiver_entitlement WHERE id = ANY(:ids)")


@dataclass(frozen=True)
class Planned:
    """One caregiver: for how many months there, of which level and degree, and what is amiss."""

    name: str
    site_key: str
    months: int
    level: int | None
    degree: Degree
    days: int = 22
    has_expired: bool = False
    is_recognised: bool = True
    has_payee: bool = True
    post: Post = Post.CARE


PEOPLE: Sequence[Planned] = (
    Planned("贺春燕", FIRST_CARE_HOME, 38, 3, Degree.BACHELOR),
    Planned("郭淑芬", FIRST_CARE_HOME, 26, 4, Degree.COLLEGE),
    Planned("常玉洁", FIRST_CARE_HOME, 14, 5, Degree.COLLEGE, is_recognised=False),
    Planned("靳丽萍", FIRST_CARE_HOME, 30, 3, Degree.SECONDARY, has_expired=True),
    Planned("范小娟", FIRST_CARE_HOME, 9, 5, Degree.SECONDARY, days=17),
    Planned("裴建军", FIRST_FILING_HOME, 40, 2, Degree.BACHELOR),
    Planned("武海霞", FIRST_FILING_HOME, 20, 4, Degree.COLLEGE, has_payee=False),
    Planned("苗秀清", FIRST_FILING_HOME, 2, None, Degree.SECONDARY),
    Planned("田文静", FIRST_FILING_HOME, 25, None, Degree.BACHELOR, post=Post.FINANCE),
)
CLAIMS = (ClaimState.ACCEPTED, ClaimState.RETURNED, ClaimState.HANDED_IN, ClaimState.HANDED_IN)


def are_allowances_there(session: Session) -> bool:
    """True for a demo in which anything was reckoned already."""
    return bool(session.connection().execute(ARE_THERE_ANY).scalar_one())


def put_allowances(session: Session) -> int:
    """Reckon the last six months of everybody, and put some claims down; returns how many rows."""
    if not session.connection().execute(IS_ANYBODY_THERE).scalar_one():
        _put_people(session)
    this = clock.today().replace(day=1)
    months = [months_after(this, -back) for back in range(1, MONTHS + 1)]
    number = sum(reckon_site(session, site_id, months) for site_id in list_sites(session))
    return number + _put_claims(session)


def _put_people(session: Session) -> None:
    for number, planned in enumerate(PEOPLE):
        site_id = session.connection().execute(SITE, {"key": planned.site_key}).scalar()
        if site_id is not None:
            _put_one(session, planned, number, site_id)
    session.flush()


def _put_one(session: Session, planned: Planned, number: int, site_id: int) -> None:
    today = clock.today()
    starts_on = months_after(today.replace(day=6), -planned.months)
    caregiver = _caregiver(planned, number, site_id)
    session.add(caregiver)
    session.flush()
    owner: dict[str, Any] = {"caregiver_id": caregiver.id or 0}
    employment = Employment(
        **owner, site_id=site_id, post=planned.post, is_front_line=planned.post is Post.CARE,
        starts_on=starts_on, recorded_at=clock.now(),
    )  # fmt: skip
    session.add(employment)
    session.flush()
    session.add(
        EmploymentContract(
            employment_id=employment.id or 0, number=f"劳合{number + 1:03d}", starts_on=starts_on,
            insurance_payer=InsurancePayer.EMPLOYER,
        )
    )  # fmt: skip
    session.add_all(_papers(planned, number, owner, today))
    session.add_all(_months(planned, owner, site_id, starts_on, today))


def _caregiver(planned: Planned, number: int, site_id: int) -> Caregiver:
    born_on = date(1978 + number, 1 + number, 11)
    plain = id_number(COUNTY, born_on, FIRST_SEQUENCE + 2 * number)
    pinyin, initials = pinyin_of(planned.name)
    account = f"62284800{number:011d}"
    payee: dict[str, Any] = {}
    if planned.has_payee:
        payee = {
            "payee_bank": "晋城银行",
            "payee_cipher": keyring().encrypt(account, PAYEE_FIELD),
            "payee_digest": keyring().digest(account, PAYEE_FIELD),
        }
    return Caregiver(
        name=planned.name, pinyin=pinyin, initials=initials, born_on=born_on,
        id_number_cipher=keyring().encrypt(plain, ID_NUMBER_FIELD),
        id_number_digest=keyring().digest(plain, ID_NUMBER_FIELD),
        keeper_site_id=site_id, registered_at=clock.now(), **payee,
    )  # fmt: skip


def _papers(planned: Planned, number: int, owner: dict[str, Any], today: date) -> Sequence[Any]:
    obtained_on = date(today.year - 6, 6, 30)
    papers: list[Any] = [
        CaregiverEducation(
            **owner, degree=planned.degree, school="晋城职业技术学院", obtained_on=obtained_on,
            recognition=f"XL{number:08d}" if planned.is_recognised else "",
            recognised_on=obtained_on if planned.is_recognised else None,
        ),
        ContinuingEducation(
            **owner, attended_on=date(today.year - 1, 5, 12), minutes=720, subject="失智老年人照护"
        ),
    ]  # fmt: skip
    if planned.level is not None:
        expired_on = months_after(today.replace(day=1), -2) - timedelta(days=1)
        papers.append(
            SkillCertificate(
                **owner, level=planned.level, number=f"S1405DEMO{number:06d}",
                issuer="晋城市职业技能鉴定中心", issued_on=date(today.year - 4, 3, 20),
                valid_until=expired_on if planned.has_expired else date(today.year + 3, 3, 19),
                check_code=f"demo-allowances-check-{number:04d}", recorded_at=clock.now(),
            )
        )  # fmt: skip
    return papers


def _months(
    planned: Planned, owner: dict[str, Any], site_id: int, starts_on: date, today: date
) -> Sequence[AttendanceMonth]:
    this = today.replace(day=1)
    months = [months_after(this, -back) for back in range(1, MONTHS + 1)]
    return [
        AttendanceMonth(
            **owner, site_id=site_id, month=month, days=planned.days,
            source=AttendanceSource.FILED, filed_at=clock.now(),
        )
        for month in months
        if month >= starts_on
    ]  # fmt: skip


def _put_claims(session: Session) -> int:
    """Of the last window that is over or open: one in each state."""
    today = clock.today()
    windows = find_rulebook(session).windows_on(today)
    begun = [
        one
        for one in windows_around(windows, Programme.POST_ALLOWANCE, today)
        if one.opens_on <= today
    ]
    if not begun:
        return 0
    window = begun[-1]
    before = window.opens_on.replace(day=1)
    values = {"since": months_after(before, -MONTHS), "before": before, "limit": len(CLAIMS)}
    people = session.connection().execute(ENTITLED, values).all()
    for state, one in zip(CLAIMS, people, strict=False):
        _put_claim(session, one, state, window.opens_on, window.closes_on)
    return len(people)


def _put_claim(
    session: Session, one: Row[Any], state: ClaimState, opens_on: date, closes_on: date
) -> None:
    handed_in_at = datetime.combine(opens_on, datetime.min.time(), clock.CITY) + timedelta(hours=34)
    claim = AllowanceClaim(
        caregiver_id=one.caregiver_id, site_id=one.site_id, programme=Programme.POST_ALLOWANCE,
        period=one.first if one.first == one.last else f"{one.first}/{one.last}",
        opens_on=opens_on, closes_on=closes_on, amount_fen=one.amount_fen, missing=[],
        state=ClaimState.HANDED_IN, handed_in_at=min(handed_in_at, clock.now()),
        handed_in_by=session.connection().execute(STAFF, {"name": "operator"}).scalar(),
    )  # fmt: skip
    session.add(claim)
    session.flush()
    session.add_all(
        AllowanceClaimLine(
            claim_id=claim.id or 0, entitlement_id=line.id, caregiver_id=one.caregiver_id,
            programme=Programme.POST_ALLOWANCE, period=line.period, amount_fen=line.amount_fen,
        )
        for line in session.connection().execute(LINES, {"ids": one.ids}).all()
    )  # fmt: skip
    session.flush()
    if state is not ClaimState.HANDED_IN:
        claim.state, claim.decided_at = state, clock.now()
        claim.decided_by = session.connection().execute(STAFF, {"name": "county"}).scalar()
        claim.words = "劳动合同缺最后一页，请补齐。" if state is ClaimState.RETURNED else ""
        session.flush()
