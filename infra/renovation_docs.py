"""The page of the life of a renovation, written from its one table."""

from pathlib import Path

from infra.home_bed_docs import way_of
from server.homecare.renovations.states import RENOVATION_LIFE, RenovationState

PAGE = Path(__file__).parent / "docs" / "renovations.md"
HEAD = """# The life of a renovation

A home is made safe (适老化改造) by this way and no other. Every step names who may take it, what
must be there first, and who gets a message; a refusal names all that is missing. A death or a move
ends what is not built yet (`server/homecare/renovations/departures.py`).
Deadlines are working days (`renovation.step_days`); a home is free again after
`renovation.again_years`; what the city pays is `renovation.grants`.

This page is written by `make docs` from `server/homecare/renovations/states.py`; a test holds it
against it.

"""


def renovations_page() -> str:
    """Return the page as it must be."""
    return HEAD + way_of("renovation", RenovationState, RENOVATION_LIFE.table)
