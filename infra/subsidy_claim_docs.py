"""The page of the life of a claim for a subsidy, written from its one table."""

from pathlib import Path

from infra.home_bed_docs import both, listed, who
from server.i18n.catalogues import in_language, pgettext
from server.subsidies.claims.models import ClaimState
from server.subsidies.claims.states import TABLE, Move, Need

PAGE = Path(__file__).parent / "docs" / "subsidy_claims.md"
HEAD = """# The life of a claim for a subsidy

A claim (补贴申领) goes this way and no other. Which offices it goes through, and how many working
days each has, is said by its programme; it waits at the first of them when it is handed in. Nobody
has two parts in one claim: the database keeps it by the key of `subsidy_claim_hand`
(`server/migrations/sql/0056_claims.sql`), for whoever stands in for an officer too.

This page is written by `make docs` from `server/subsidies/claims/states.py`; a test holds both
against each other.

"""
STEPS_HEAD = """
| Step | From | To | Who | What must be there |
| --- | --- | --- | --- | --- |
"""


def subsidy_claims_page() -> str:
    """Return the page as it must be."""
    rows = "".join(f"| `{one}` | {both('subsidy_claim_state', one)} |\n" for one in ClaimState)
    return f"{HEAD}| State | Words |\n| --- | --- |\n{rows}{STEPS_HEAD}" + "".join(map(_row, TABLE))


def _row(move: Move) -> str:
    cells = (
        both("subsidy_claim_step", move.step),
        listed(f"`{state}`" for state in move.before),
        listed(f"`{state}`" for state in move.after),
        who(move.permissions),
        listed(map(_need, move.needs)),
    )
    return f"| {' | '.join(cells)} |\n"


def _need(need: Need) -> str:
    with in_language("en"):
        return pgettext("claim_need", need.value)
