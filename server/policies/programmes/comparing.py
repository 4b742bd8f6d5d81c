"""What is another in one programme than in another: figure by figure, and from which day."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import zip_longest

from server.policies.programmes.schema import Programme
from server.policies.programmes.telling import Told, told_of


class ChangeKind(StrEnum):
    ADDED = "added"  # 新增
    REMOVED = "removed"  # 取消
    CHANGED = "changed"  # 变更
    REBASED = "rebased"  # 只变依据
    SAME = "same"  # 不变


@dataclass(frozen=True)
class Change:
    """A figure as it is in the one and in the other; `starts_on` is its first day."""

    kind: ChangeKind
    old: Told | None
    new: Told | None

    @property
    def told(self) -> Told:
        """Return the newer of the two."""
        told = self.new or self.old
        assert told is not None
        return told

    @property
    def starts_on(self) -> date:
        """Return from which day the figure is so."""
        return self.told.based.from_


@dataclass(frozen=True)
class Compared:
    """A programme of two packs: as it is in the one and in the other, with every figure."""

    code: str
    old: Programme | None
    new: Programme | None
    changes: Sequence[Change]

    @property
    def differs(self) -> bool:
        """True where anything is not the same."""
        return any(one.kind is not ChangeKind.SAME for one in self.changes) or (
            (self.old and self.old.is_on) != (self.new and self.new.is_on)
        )

    @property
    def programme(self) -> Programme:
        """Return the newer of the two."""
        programme = self.new or self.old
        assert programme is not None
        return programme


def compare(old: Programme | None, new: Programme | None) -> list[Change]:
    """Return every figure of the two in the order of the newer, those that went away last."""
    of_old, of_new = _by_key(old), _by_key(new)
    keys = [*of_new, *(key for key in of_old if key not in of_new)]
    return [
        _change(*pair)
        for key in keys
        for pair in zip_longest(of_old.get(key, []), of_new.get(key, []))
    ]


def compare_packs(
    old: Mapping[str, Programme], new: Mapping[str, Programme], *, is_whole: bool = True
) -> Iterator[Compared]:
    """Yield each programme of the two; what the newer says nothing of only where it is whole."""
    for code in sorted({*(old if is_whole else ()), *new}):
        one, other = old.get(code), new.get(code)
        yield Compared(code, one, other, compare(one, other))


def _by_key(programme: Programme | None) -> Mapping[str, list[Told]]:
    found: dict[str, list[Told]] = defaultdict(list)
    for one in told_of(programme) if programme else []:
        found[one.key].append(one)
    return {key: sorted(rows, key=lambda one: one.based.from_) for key, rows in found.items()}


def _change(old: Told | None, new: Told | None) -> Change:
    if old is None or new is None:
        return Change(ChangeKind.ADDED if old is None else ChangeKind.REMOVED, old, new)
    if old.value != new.value:
        return Change(ChangeKind.CHANGED, old, new)
    is_same = _basis(old) == _basis(new)
    return Change(ChangeKind.SAME if is_same else ChangeKind.REBASED, old, new)


def _basis(told: Told) -> tuple[str, str, date, date | None]:
    return told.document, told.based.clause, told.based.from_, told.based.to
