"""Claims as people make them: begun, papers put to them, handed in, let through by each office.

A few claimants a programme: what a city's thousands of claims cost is for another measurement.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import date

from PIL import Image
from sqlalchemy import text
from sqlmodel import col, select

from infra.bench.year_city import YEAR
from infra.bench.year_hands import Hands, platform
from server.identity.models import Role
from server.subsidies.claims.asking import add_paper, begin_claim, hand_in
from server.subsidies.claims.deciding import let_all_through
from server.subsidies.claims.models import Claimant, ClaimState, SubsidyClaim
from server.subsidies.claims.versions import read_version

# After which month a programme is claimed, by whom, and for which month.
CLAIMED: Mapping[int, Sequence[tuple[str, Claimant, int]]] = {
    3: (("facility_operation", Claimant.SITE, 3),),
    6: (
        ("post_allowance", Claimant.CAREGIVER, 6),
        ("home_bed_build", Claimant.SITE, 6),
        ("renovation", Claimant.RESIDENT, 5),
    ),
    10: (("entry_reward", Claimant.CAREGIVER, 10),),
    12: (("facility_construction", Claimant.SITE, 1),),
}
WHO = {
    kind: text(
        f"SELECT DISTINCT l.{column} AS who FROM subsidy_line l WHERE l.run_id = ANY(:runs)"
        f" AND l.month <= :until AND l.month >= :month AND l.outcome = 'due'"
        " ORDER BY who LIMIT :most"
    )
    for kind, column in (
        (Claimant.SITE, "site_id"),
        (Claimant.RESIDENT, "resident_id"),
        (Claimant.CAREGIVER, "caregiver_id"),
    )
}


def claim_some(
    hands: Hands, runs: Mapping[int, str], month: int, claimants: int
) -> dict[str, tuple[int, int]]:
    """Claim what can be claimed after a month; returns programme → (handed in, accepted)."""
    found = {}
    for programme, claimant, of_month in CLAIMED.get(month, ()):
        own = [run for run, name in runs.items() if name == programme]
        ids = _handed_in(own, programme, claimant, date(YEAR, of_month, 1), claimants)
        _decide(hands, ids)
        found[programme] = (len(ids), _accepted(ids))
    return found


def _handed_in(
    runs: Sequence[int], programme: str, claimant: Claimant, month: date, most: int
) -> list[int]:
    until = date(YEAR, 12, 31) if programme == "facility_construction" else month
    asked = {"runs": runs, "month": month, "until": until, "most": most}
    with platform() as session:
        who = list(session.connection().execute(WHO[claimant], asked).scalars())
    return [_claim(programme, claimant, one, month) for one in who]


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
