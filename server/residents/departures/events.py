"""What the contexts above are told of a departure, and the journal that they write into."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from server.residents.departures.models import DepartureKind


@dataclass(frozen=True)
class Departed:
    """One resident who is gone, and since which day."""

    departure_id: int
    resident_id: int
    kind: DepartureKind
    happened_on: date

    @property
    def day_after(self) -> date:
        """The first day on which nothing is owed any more."""
        return self.happened_on + timedelta(days=1)


@dataclass(frozen=True)
class Entry:
    """One thing that a departure ended or set: the row, its value before, and its value now."""

    table: str
    key: int
    before: Any = None
    after: Any = None


@dataclass
class Journal:
    """What each departure did, by departure; whoever does something writes it down here."""

    entries: dict[int, list[Entry]] = field(default_factory=lambda: defaultdict(list))

    def note(self, departure_id: int, entry: Entry) -> None:
        """Write down what was done, so that it can be undone."""
        self.entries[departure_id].append(entry)


@dataclass(frozen=True)
class ResidentsDeparted:
    """These residents have died or moved away; their rows are locked.

    Whoever owes them something ends it from `day_after` on, and notes in the journal what it did.
    """

    departed: Sequence[Departed]
    reported_at: datetime
    journal: Journal


@dataclass(frozen=True)
class DepartureReversed:
    """A departure was reported by mistake: whoever ended something because of it brings it back.

    `entries` is the journal; what came back is added to `came_back`, the rest is told to people.
    """

    resident_id: int
    entries: Sequence[Entry]
    came_back: set[Entry] = field(default_factory=set)

    def of(self, table: str) -> list[Entry]:
        """Return what the journal has about one table."""
        return [entry for entry in self.entries if entry.table == table]
