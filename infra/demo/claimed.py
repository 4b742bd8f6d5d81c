"""Claims of the demo that were let through before a run: everybody who has something, in one set.

A run takes up those alone who asked and were let through. What a real office lets through claim by
claim within its window is here written down as it would stand afterwards.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from server import clock
from server.files.images import read_picture
from server.files.models import FileKind, FilePurpose
from server.files.service import keep_picture
from server.policies.programmes.schema import Programme
from server.subsidies.claims.looking import Wanted, look_at_all
from server.subsidies.claims.models import Claimant, SubsidyClaimPaper
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
        RETURNING id
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
    SELECT id FROM put ORDER BY id
"""


def let_all_through(session: Session, programme: str, first: date, *, scan: bytes) -> int:
    """Claims of everybody who has something in the month, let through; returns how many.

    None where the programme is not claimed. A site's come with their papers, each the `scan`.
    """
    version = find_version(session, programme, on=first)
    assert version is not None, "what the demo runs is in force"
    read = Programme.model_validate(version.content)
    if read.claimant is None:
        return 0
    stretch = Stretch(first, MONTHS[read.period])
    asked = {"programme": programme, "version": version.id, "by": read.claimant, "first": first,
             "months": stretch.months, "now": clock.now()}  # fmt: skip
    put = text(PUT.format(who=f"{read.claimant}_id"))
    ids = session.connection().execute(put, asked | _claimants(session, read, stretch)).scalars()
    claims = ids.all()
    if read.claimant == Claimant.SITE.value:
        _put_papers(session, read, claims, scan)
    return len(claims)


def _claimants(session: Session, read: Programme, stretch: Stretch) -> dict[str, Sequence[Any]]:
    """Everybody whom the facts speak of, with how many cases they have and what they come to."""
    said = text(WHO.format(who=f"{read.claimant}_id", source=read.facts))
    asked = {"first": stretch.first_month, "until": stretch.until}
    who = session.connection().execute(said, asked).all()
    claimant = Claimant(read.claimant)
    looks = look_at_all(session, [Wanted(read, claimant, one.id, stretch) for one in who])
    return {
        "ids": [one.id for one in who],
        "codes": [one.division_code for one in who],
        "cases": [len(look.cases) for look in looks],
        "fen": [look.total_fen for look in looks],
    }


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
