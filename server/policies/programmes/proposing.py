"""A pack is proposed by one person and put into force by another, from a day on.

Its own examples are reckoned both times. Versions that were in force stay, for their own days.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import Session, col

from server import clock
from server.db.refusals import all_or_nothing, refusing
from server.db.sessions import actor_of
from server.errors import NotAllowed, NotFound
from server.policies.programmes.errors import (
    ActivatedMeanwhile,
    DayUnusable,
    ExamplesDiffer,
    LaterVersion,
    NotOwnPack,
    OwnPack,
    PackDecided,
    PackFaulty,
    VersionUsed,
)
from server.policies.programmes.models import PackState, PolicyPack, PolicyVersion, SubsidyFamily
from server.policies.programmes.packs import Pack, content_of
from server.policies.programmes.queries import programmes_of
from server.policies.programmes.trying import Tried, try_examples

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)
REOPENED = text(
    """
    SELECT v.programme, min(r.first_month) AS first_month, max(r.last_month) AS last_month,
           count(*) AS runs
      FROM policy_version v CROSS JOIN LATERAL reckoned_after(v.id, :day) r
     WHERE v.programme = ANY(:programmes) AND v.ends_on IS NULL
     GROUP BY v.programme ORDER BY v.programme
    """
)


@dataclass(frozen=True)
class Reopened:
    """Months of a programme that runs reckoned by the version that a pack would end earlier."""

    programme: str
    first_month: date
    last_month: date
    runs: int


def propose(session: Session, pack: Pack, *, starts_on: date) -> PolicyPack:
    """Put a pack before somebody else, to be in force from a day on.

    Raises `PackFaulty`, `ExamplesDiffer`, `DayUnusable`.
    """
    return enter_proposal(session, pack, starts_on=starts_on, proposed_by=_staff_of(session))


def enter_proposal(
    session: Session, pack: Pack, *, starts_on: date, proposed_by: int
) -> PolicyPack:
    """As `propose`, in the name of somebody."""
    if pack.head is None or pack.faults:
        raise PackFaulty(faults=len(pack.faults))
    check_examples(pack.tried)
    if not FIRST_DAY <= starts_on < LAST_DAY:
        raise DayUnusable()
    content = content_of(pack)
    row = PolicyPack(
        name=pack.head.pack, title_zh=pack.head.title.zh, title_en=pack.head.title.en,
        content=content, digest=digest_of(content), starts_on=starts_on, state=PackState.PROPOSED,
        proposed_at=clock.now(), proposed_by=proposed_by,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def activate(session: Session, pack_id: int, *, reopens: bool = False) -> None:
    """Put a proposed pack into force from its day on.

    Months that were reckoned by what it ends are opened again, for a difference run to put them
    right, only where whoever decides says so: `reopens`.

    Raises `OwnPack`, `PackDecided`, `ExamplesDiffer`, `LaterVersion`, `VersionUsed` and
    `ActivatedMeanwhile`.
    """
    pack = _waiting(session, pack_id)
    decided_by = _another(session, pack)
    put_in_force(session, pack, decided_by=decided_by, reopens=reopens)


def list_reopened(session: Session, pack: PolicyPack) -> Sequence[Reopened]:
    """Return what was reckoned of the months from the pack's day on, programme by programme."""
    asked = {"programmes": sorted(pack.content["programmes"]), "day": pack.starts_on}
    return [Reopened(*row) for row in session.execute(REOPENED, asked)]


@all_or_nothing
def put_in_force(
    session: Session, pack: PolicyPack, *, decided_by: int, reopens: bool = False
) -> None:
    """As `activate`, in the name of somebody."""
    programmes = programmes_of(pack)
    check_examples([one for each in programmes.values() for one in try_examples(each)])
    codes = sorted(programmes)
    _check_nothing_later(session, codes, pack.starts_on)
    used = list_reopened(session, pack)
    if used and not reopens:
        raise VersionUsed(programme=used[0].programme)
    numbers = _numbers(session, codes)
    families = _families(session, sorted({one.family for one in programmes.values()}))
    versions = [
        {
            "pack_id": pack.id, "programme": code, "programme_no": numbers[code],
            "family_no": families[one.family], "content": pack.content["programmes"][code],
            "digest": digest_of(pack.content["programmes"][code]), "starts_on": pack.starts_on,
            "ends_on": None,
        }
        for code, one in programmes.items()
    ]  # fmt: skip
    broken = {
        "ex_policy_version_one_a_day": ActivatedMeanwhile(),
        "ck_policy_version_used": VersionUsed(programme=", ".join(codes)),
    }
    with refusing(session, broken):
        _decide(pack, PackState.ACTIVE, decided_by=decided_by)
        pack.reopens = bool(used)
        session.flush()
        _end_those_before(session, codes, pack.starts_on)
        session.execute(insert(PolicyVersion), versions)


def refuse(session: Session, pack_id: int, *, words: str) -> None:
    """Send a proposed pack back; the words say why. Raises `OwnPack`, `PackDecided`."""
    pack = _waiting(session, pack_id)
    _decide(pack, PackState.REFUSED, decided_by=_another(session, pack), words=words)
    session.flush()


def withdraw(session: Session, pack_id: int) -> None:
    """Take one's own proposal back. Raises `NotOwnPack`, `PackDecided`."""
    pack = _waiting(session, pack_id)
    if pack.proposed_by != _staff_of(session):
        raise NotOwnPack()
    pack.state = PackState.WITHDRAWN
    session.flush()


def check_examples(tried: Sequence[Tried]) -> None:
    """Raise `ExamplesDiffer` unless every example comes out."""
    differing = [one.example.name for one in tried if not one.holds]
    if differing:
        raise ExamplesDiffer(examples="、".join(differing))


def digest_of(content: Mapping[str, Any]) -> bytes:
    """Return the digest over what is kept, the same on every machine."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).digest()


def _waiting(session: Session, pack_id: int) -> PolicyPack:
    """The proposal, held until the end: two who decide at once do so one after the other."""
    pack = session.get(PolicyPack, pack_id, with_for_update=True, populate_existing=True)
    if pack is None:
        raise NotFound()
    if pack.state is not PackState.PROPOSED:
        raise PackDecided(state=pack.state.value)
    return pack


def _staff_of(session: Session) -> int:
    staff_id = actor_of(session).staff_id
    if staff_id is None:
        raise NotAllowed()
    return staff_id


def _another(session: Session, pack: PolicyPack) -> int:
    staff_id = _staff_of(session)
    if staff_id == pack.proposed_by:
        raise OwnPack()
    return staff_id


def _decide(pack: PolicyPack, state: PackState, *, decided_by: int, words: str = "") -> None:
    pack.state, pack.decided_at, pack.decided_by = state, clock.now(), decided_by
    pack.words = words


def _check_nothing_later(session: Session, codes: Sequence[str], day: date) -> None:
    later = session.execute(
        select(col(PolicyVersion.programme), col(PolicyVersion.starts_on))
        .where(col(PolicyVersion.programme).in_(codes), col(PolicyVersion.starts_on) >= day)
        .order_by(col(PolicyVersion.programme), col(PolicyVersion.starts_on))
        .limit(1)
    ).one_or_none()
    if later is not None:
        raise LaterVersion(programme=later.programme, starts_on=later.starts_on)


def _end_those_before(session: Session, codes: Sequence[str], day: date) -> None:
    session.execute(
        update(PolicyVersion)
        .where(
            col(PolicyVersion.programme).in_(codes),
            col(PolicyVersion.starts_on) < day,
            col(PolicyVersion.ends_on).is_(None),
        )
        .values(ends_on=day)
        .execution_options(synchronize_session=False)
    )


def _numbers(session: Session, codes: Sequence[str]) -> dict[str, int]:
    """The number that keeps a programme's days apart: the one it has, else one of its name's own.

    Two who put a new programme into force in the same moment come to the same number.
    """
    found = session.execute(
        select(col(PolicyVersion.programme), func.min(col(PolicyVersion.programme_no)))
        .where(col(PolicyVersion.programme).in_(codes))
        .group_by(col(PolicyVersion.programme))
    ).all()
    known: dict[str, int] = {row[0]: row[1] for row in found}
    return {code: known.get(code, _number_of(code)) for code in codes}


def _number_of(code: str) -> int:
    return int.from_bytes(hashlib.sha256(code.encode()).digest()[:4]) >> 2


def _families(session: Session, codes: Sequence[str]) -> dict[str, int]:
    new = upsert(SubsidyFamily).values([{"code": code} for code in codes])
    session.execute(new.on_conflict_do_nothing(index_elements=["code"]))
    found = session.execute(
        select(col(SubsidyFamily.code), col(SubsidyFamily.id)).where(
            col(SubsidyFamily.code).in_(codes)
        )
    ).all()
    return {row[0]: row[1] for row in found}
