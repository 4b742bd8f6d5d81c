"""The page of the life of a bed at home, written from its one table."""

from collections.abc import Iterable, Sequence
from enum import Enum
from pathlib import Path
from typing import Any

from server.homecare.lives import Move
from server.homecare.models import HomeBedState
from server.homecare.states import BED_LIFE
from server.i18n.catalogues import in_language, pgettext
from server.identity.roles import OF_AN_ACCOUNT, OF_AN_OFFICE

AnyMove = Move[Any, Any, Any]
PAGE = Path(__file__).parent / "docs" / "home_beds.md"
HEAD = """# The life of a bed at home

A bed at home (家庭养老床位) goes this way and no other. Every step names who may take it, what must
be there first, and who gets a message; a refusal names all that is missing. What ends or
pauses a bed by itself is in `server/homecare/beds/linking.py`, `departures.py` and `sweeping.py`.
Deadlines are working days (`homecare.step_days`); a notice lasts `homecare.notice_days`.

This page is written by `make docs` from `server/homecare/states.py`; a test holds it against it.

"""
STEPS_HEAD = """
| Step | From | To | Who | What must be there | Told |
| --- | --- | --- | --- | --- | --- |
"""


def home_beds_page() -> str:
    """Return the page as it must be."""
    return HEAD + way_of("home_bed", HomeBedState, BED_LIFE.table)


def way_of(kind: str, states: Iterable[Enum], moves: Iterable[AnyMove]) -> str:
    """Return the two tables of a life: its states, and every step in full."""
    rows = "".join(f"| `{state.value}` | {both(f'{kind}_state', state)} |\n" for state in states)
    head = f"| State | Words |\n| --- | --- |\n{rows}{STEPS_HEAD}"
    return head + "".join(_row(kind, move) for move in moves)


def _row(kind: str, move: AnyMove) -> str:
    cells = (
        both(f"{kind}_step", move.step),
        listed(f"`{state}`" for state in move.before),
        f"`{move.after}`",
        who(move.permissions),
        listed(_in("en", "need", need) for need in move.needs),
        listed(told.value for told in move.tells),
    )
    return f"| {' | '.join(cells)} |\n"


def who(permissions: Sequence[str]) -> str:
    """Return whoever holds one of the permissions."""
    offices = [role.value for role, held in OF_AN_OFFICE.items() if held & set(permissions)]
    elders = ["the elder, a helper who may apply"] if OF_AN_ACCOUNT & set(permissions) else []
    return listed([*elders, *(f"`{office}`" for office in offices)])


def both(context: str, code: Enum) -> str:
    """Return a code in both languages."""
    return f"{_in('zh-CN', context, code)} {_in('en', context, code)}"


def _in(language: str, context: str, code: Enum) -> str:
    with in_language(language):
        return pgettext(context, code.value)


def listed(words: Iterable[str]) -> str:
    """Return words one after the other, or a dash."""
    return ", ".join(words) or "–"
