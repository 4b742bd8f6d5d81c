"""Claims as people make them: begun, papers put to them, handed in, let through by each office.

A few claimants a programme come to the window, one by one; those of all others are written in a
set, as if they had been let through.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import date

from PIL import Image
from sqlalchemy import text
from sqlmodel import Session, col, select

from infra.bench.year_hands import Hands, platform
from server import clock
from server.identity.models import Role
from server.policies.programmes.models import PolicyVersion
from server.policies.programmes.schema import Programme
from server.subsidies.claims.asking import add_paper, begin_claim, hand_in
from server.subsidies.claims.deciding import let_all_through
from server.subsidies.claims.models import Claimant, ClaimState, SubsidyClaim
from server.subsidies.claims.rules import months_after
from server.subsidies.claims.versions import read_version
from server.subsidies.reckoning.versions import find_version

# In which month some claim at the window what they have of that month, or of the year.
BY_HAND: Mapping[int, Sequence[str]] = {
    3: ("facility_operation",),
    5: ("renovation",),
    6: ("post_allowance", "home_bed_build"),
    10: ("entry_reward",),
    12: ("facility_construction",),
}
WHO = """
    SELECT DISTINCT f.{who} FROM facts_of_{source}(:first, :until) f ORDER BY 1 LIMIT :most
"""
# Names that are no parameters come from the vocabulary of programmes.
LET_THROUGH = """
    INSERT INTO subsidy_claim (programme, version_id, claimant, claimant_id, {who}, division_code,
                               first_month, months, state, cases, expected_fen, made_at,
                               handed_in_at, words)
    SELECT DISTINCT CAST(:programme AS text), CAST(:version AS bigint), CAST(:by AS text), f.{who},
           f.{who}, s.division_code, CAST(:first AS date), CAST(:months AS int), 'accepted', 0, 0,
           CAST(:now AS timestamptz), CAST(:now AS timestamptz), ''
      FROM facts_of_{source}(CAST(:first AS date), CAST(:until AS date)) f
      JOIN site s ON s.id = f.site_id
        ON CONFLICT DO NOTHING
"""


def claim_some(
    hands: Hands, programme: str, first: date, months: int, most: int
) -> tuple[int, int]:
    """Let some claim at the window what they have of these months; (handed in, accepted)."""
    with platform() as session:
        _version, read = _read(session, programme, first)
        said = text(WHO.format(who=f"{read.claimant}_id", source=read.facts))
        until = months_after(first, months)
        asked = {"first": first, "until": until, "most": most}
        who = list(session.connection().execute(said, asked).scalars())
    claimant = Claimant(read.claimant)
    ids = [_claim(programme, claimant, one, first) for one in who]
    _decide(hands, ids)
    return len(ids), _accepted(ids)


def claim_for_all(session: Session, programme: str, first: date, months: int) -> int:
    """Claims of all others whom the facts of these months speak of, let through, in one set."""
    version, read = _read(session, programme, first)
    asked = {
        "programme": programme, "version": version.id, "by": read.claimant, "first": first,
        "until": months_after(first, months), "months": months, "now": clock.now(),
    }  # fmt: skip
    said = text(LET_THROUGH.format(who=f"{read.claimant}_id", source=read.facts))
    return session.connection().execute(said, asked).rowcount


def _read(session: Session, programme: str, first: date) -> tuple[PolicyVersion, Programme]:
    version = find_version(session, programme, on=first)
    assert version is not None, "what is claimed is in force"
    return version, Programme.model_validate(version.content)


def _claim(programme: str, claimant: Claimant, who: int, month: date) -> int:
    """At the window, where the platform writes for whoever comes."""
    with platform() as session:
        claim = begin_claim(
            session, claimant=claimant, claimant_id=who, programme=programme, first_month=month
        )
        assert claim.id is not None, "a claim that was written has its number"
        version = read_version(session, claim.version_id)
        for place, paper in enumerate(version.claim.evidence if version.claim else []):
            picture = _picture(claim.id, place)
            add_paper(session, claim.id, evidence=paper.id, content=picture)
        hand_in(session, claim.id)
        return claim.id


def _decide(hands: Hands, ids: Sequence[int]) -> None:
    """Every county lets through what is its own, and then the city what is left."""
    for code in hands.counties:
        with hands.of(Role.COUNTY_OFFICER, code) as session:
            let_all_through(session, ids)
    with hands.of(Role.CITY_OFFICER) as session:
        let_all_through(session, ids)


def _accepted(ids: Sequence[int]) -> int:
    with platform() as session:
        asked = select(SubsidyClaim.id).where(
            col(SubsidyClaim.id).in_(ids), SubsidyClaim.state == ClaimState.ACCEPTED
        )
        return len(session.exec(asked).all())


def _picture(claim_id: int, place: int) -> bytes:
    content = io.BytesIO()
    colour = (claim_id % 251, place * 40 % 251, claim_id // 251 % 251)
    Image.new("RGB", (320, 240), colour).save(content, "JPEG")
    return content.getvalue()
