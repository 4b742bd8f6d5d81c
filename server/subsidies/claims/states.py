"""The life of a claim as one table: from where to where, who may, and what must be there.

The document `infra/docs/subsidy_claims.md` is made from it, and every step is checked against it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from server.subsidies.claims.models import ClaimState, ClaimStep

S = ClaimState
HAND_IN, CLAIM_OWN, CHECK = "subsidies.hand-in", "subsidies.claim-own", "subsidies.check"
WAITING = (S.AT_TOWN, S.AT_COUNTY, S.AT_CITY)
OPEN = (S.DRAFT, *WAITING, S.RETURNED)
OVER = (S.ACCEPTED, S.REFUSED, S.WITHDRAWN)


class Need(StrEnum):
    """What must be there before a step; the catalogues say each in words, under `claim_need`."""

    WINDOW_OPEN = "window_open"
    PAPERS = "papers"
    CASES = "cases"
    OFFICE = "office"
    OTHER_HAND = "other_hand"
    LOOKED_AGAIN = "looked_again"
    WORDS = "words"


@dataclass(frozen=True)
class Move:
    """One row: whoever holds one of the permissions may take the step.

    `after` are the states that may follow: which of them is said by the programme's own stages.
    """

    step: ClaimStep
    before: Sequence[ClaimState]
    after: Sequence[ClaimState]
    permissions: Sequence[str]
    needs: Sequence[Need] = ()


ASKS = (HAND_IN, CLAIM_OWN)
DECIDES = (Need.OFFICE, Need.OTHER_HAND)
TABLE: Sequence[Move] = (
    Move(ClaimStep.BEGIN, (), (S.DRAFT,), ASKS, (Need.WINDOW_OPEN,)),
    Move(ClaimStep.HAND_IN, (S.DRAFT, S.RETURNED), WAITING, ASKS,
         (Need.WINDOW_OPEN, Need.PAPERS, Need.CASES)),
    Move(ClaimStep.PASS, (S.AT_TOWN, S.AT_COUNTY), (S.AT_COUNTY, S.AT_CITY), (CHECK,),
         (*DECIDES, Need.LOOKED_AGAIN)),
    Move(ClaimStep.ACCEPT, WAITING, (S.ACCEPTED,), (CHECK,), (*DECIDES, Need.LOOKED_AGAIN)),
    Move(ClaimStep.RETURN, WAITING, (S.RETURNED,), (CHECK,), (*DECIDES, Need.WORDS)),
    Move(ClaimStep.REFUSE, WAITING, (S.REFUSED,), (CHECK,), (*DECIDES, Need.WORDS)),
    Move(ClaimStep.WITHDRAW, OPEN, (S.WITHDRAWN,), ASKS),
)  # fmt: skip
MOVES = {move.step: move for move in TABLE}
