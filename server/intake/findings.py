"""What was noticed about a table: where, which value, how serious, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any


class Level(IntEnum):
    """How serious a finding is; from `ERROR` on, the row stays outside."""

    NOTICE = 1
    WARNING = 2
    ERROR = 3
    REJECT = 4


@dataclass(frozen=True)
class Complaint:
    """A reason as a code and facts, so that a face can say it in the reader's language."""

    code: str
    level: Level
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """A complaint about one cell, or about a whole row where `column` is empty.

    `row` is the line an editor or a spreadsheet shows for it; `column` is the file's own heading.
    """

    row: int
    column: str
    value: str
    complaint: Complaint

    @property
    def level(self) -> Level:
        """How serious it is."""
        return self.complaint.level


def notice(code: str, **facts: Any) -> Complaint:
    """Worth knowing; the value was understood, or is openly not known."""
    return Complaint(code, Level.NOTICE, facts)


def warning(code: str, **facts: Any) -> Complaint:
    """The row goes in, and somebody should look at it."""
    return Complaint(code, Level.WARNING, facts)


def error(code: str, **facts: Any) -> Complaint:
    """The row stays outside until somebody has put it right."""
    return Complaint(code, Level.ERROR, facts)


def reject(code: str, **facts: Any) -> Complaint:
    """The row cannot even be read as one."""
    return Complaint(code, Level.REJECT, facts)
