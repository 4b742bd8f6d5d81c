"""Claims of the demo that were let through before a run: everybody to whom something is due.

A run takes up those alone who asked and were let through. What a real office lets through claim by
claim within its window is here written down as it would stand afterwards.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from server import clock
from server.files.images import read_picture
from server.files.models import FileKind, FilePurpose
from server.files.service import keep_picture
from server.policies.programmes.schema import Programme
from server.subsidies.claims.looking import Look, Wanted, look_at_all
from server.subsidies.claims.models import (
    Claimant,
    ClaimState,
    SubsidyClaimLook,
    SubsidyClaimPaper,
)
from server.subsidies.claims.rules import MONTHS, Stretch
from server.subsidies.reckoning.versions import find_version

# Names that are no parameters come from the vocabulary of programmes.
WHO = """
    SELECT DISTINCT ON (f.{who}) f.{who} AS id, s.division_code
      FROM facts_of_{source}(:first, :until) f JOIN site s ON s.id = f.site_id ORDER BY 1, 2
"""
PUT = """
    WITH put AS (
        INSERT INTO subsidy_claim (programme, version_id, claimant, claimant_id, {who},
                                   division_code, first_month, months, state, cases, expected_fen,
                                   made_at, handed_in_at, words)
        SELECT :programme, :version, :by, w.id, w.id, w.division_code, :first, :months, 'accepted',
               w.cases, w.fen, CAST(:now AS timestamptz) - interval '4 days',
               CAST(:now AS timestamptz) - interval '3 days', ''
          FROM unnest(CAST(:ids AS bigint[]), CAST(:codes AS text[]), CAST(:cases AS int[]),
                      CAST(:fen AS bigint[])) AS w (id, division_code, cases, fen)
            ON CONFLICT DO NOTHING
        RETURNING id, claimant_id
    ), decided AS (
        SELECT p.part, (SELECT s.id FROM staff s WHERE s.sign_in_name = p.part) AS staff_id
          FROM unnest(ARRAY['county', 'city']) AS p (part)
    ), hands AS (
        INSERT INTO subsidy_claim_hand (claim_id, staff_id, part)
        SELECT put.id, d.staff_id, d.part FROM put CROSS JOIN decided d WHERE d.staff_id IS NOT NULL
    ), steps AS (
        INSERT INTO subsidy_claim_step (claim_id, number, step, before, after, taken_at, staff_id,
                                        part, words)
        SELECT put.id, t.number, t.step, t.before, t.after,
               CAST(:now AS timestamptz) - make_interval(days => 5 - t.number), d.staff_id,
               d.part, ''
          FROM put
         CROSS JOIN (VALUES (1, 'begin', NULL, 'draft', NULL),
                            (2, 'hand_in', 'draft', 'at_county', NULL),
                            (3, 'pass', 'at_county', 'at_city', 'county'),
                            (4, 'accept', 'at_city', 'accepted', 'city')
                    ) AS t (number, step, before, after, part)
          LEFT JOIN decided d ON d.part = t.part
         WHERE t.part IS NULL OR d.staff_id IS NOT NULL
    )
    SELECT id, claimant_id FROM put ORDER BY id
"""


def let_all_through(session: Session, programme: str, first: date, *, scan: bytes) -> int:
    """Claims of everybody who is due something in the month, let through; returns how many.

    None where the programme is not claimed. Each has its papers, all of them the `scan`, and what
    the office saw.
    """
    version = find_version(session, programme, on=first)
    assert version is not None, "what the demo runs is in force"
    read = Programme.model_validate(version.content)
    if read.claimant is None:
        return 0
    stretch = Stretch(first, MONTHS[read.period])
    asked = {"programme": programme, "version": version.id, "by": read.claimant, "first": first,
             "months": stretch.months, "now": clock.now()}  # fmt: skip
    claimants = _claimants(session, read, stretch)
    put = text(PUT.format(who=f"{read.claimant}_id"))
    rows = session.connection().execute(put, asked | _told(claimants)).all()
    looks = {one.id: one.look for one in claimants}
    session.add_all(_look_of(row.id, looks[row.claimant_id]) for row in rows)
    _put_papers(session, read, [row.id for row in rows], scan)
    return len(rows)


@dataclass(frozen=True)
class _Claimant:
    id: int
    division_code: str
    look: Look


def _claimants(session: Session, read: Programme, stretch: Stretch) -> Sequence[_Claimant]:
    """Everybody whom the facts speak of and to whom something is due."""
    said = text(WHO.format(who=f"{read.claimant}_id", source=read.facts))
    asked = {"first": stretch.first_month, "until": stretch.until}
    who = session.connection().execute(said, asked).all()
    claimant = Claimant(read.claimant)
    looks = look_at_all(session, [Wanted(read, claimant, one.id, stretch) for one in who])
    found = [
        _Claimant(one.id, one.division_code, seen) for one, seen in zip(who, looks, strict=True)
    ]
    return [one for one in found if one.look.total_fen]


def _told(claimants: Sequence[_Claimant]) -> dict[str, Sequence[Any]]:
    return {
        "ids": [one.id for one in claimants],
        "codes": [one.division_code for one in claimants],
        "cases": [len(one.look.cases) for one in claimants],
        "fen": [one.look.total_fen for one in claimants],
    }


def _look_of(claim_id: int, seen: Look) -> SubsidyClaimLook:
    return SubsidyClaimLook(
        claim_id=claim_id, state=ClaimState.AT_CITY, looked_at=seen.looked_at,
        cases=len(seen.cases), total_fen=seen.total_fen,
        content=[dict(case) for case in seen.cases], digest=seen.digest, taken_at=clock.now(),
    )  # fmt: skip


def _put_papers(session: Session, read: Programme, claims: Sequence[int], scan: bytes) -> None:
    picture, evidence = read_picture(scan), read.claim.evidence if read.claim else []
    for claim_id in claims:
        for one in evidence:
            file = keep_picture(
                session, picture, kind=FileKind.SCAN, purpose=FilePurpose.SUBSIDY_PAPER
            )
            session.add(
                SubsidyClaimPaper(
                    claim_id=claim_id, evidence=one.id, file_id=file.id or 0, added_at=clock.now()
                )
            )
    session.flush()
