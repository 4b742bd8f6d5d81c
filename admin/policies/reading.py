"""How a programme is told on a page and in a file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlmodel import Session

from admin.words import word
from server.i18n.catalogues import gettext as _
from server.identity.queries import find_staff_names
from server.policies.programmes.models import PolicyPack
from server.policies.programmes.packs import list_shipped, read_shipped
from server.policies.programmes.schema import Programme
from server.policies.programmes.telling import Matrix, Told, matrix_of, told_of
from server.policies.programmes.terms import Words
from server.policies.programmes.trying import Tried, try_examples
from server.policies.programmes.wording import said

SEE, PROPOSE, ACTIVATE = "policies.see", "policies.propose", "policies.activate"


@dataclass(frozen=True)
class Shown:
    """A programme as the table an official would recognise."""

    programme: Programme
    groups: Sequence[tuple[str, str, Sequence[Told]]]
    matrix: Matrix | None
    tried: Sequence[Tried]
    day: date

    @property
    def unsourced(self) -> int:
        """Return how many figures rest on nothing that was published."""
        return sum(one.standing == "unsourced" for _g, _t, rows in self.groups for one in rows)


def shown(programme: Programme, *, on: date) -> Shown:
    """Return a programme for a page, its matrix as of the day."""
    groups = [
        (group, table, list(rows))
        for (group, table), rows in groupby(
            told_of(programme), key=lambda one: (one.group, one.table)
        )
    ]
    matrix = matrix_of(programme, on=on)
    return Shown(programme, groups, matrix, try_examples(programme), on)


def names_of(session: Session, packs: Iterable[PolicyPack]) -> Mapping[int, str]:
    """Return who proposed and decided, by number."""
    people = {one.proposed_by for one in packs} | {one.decided_by for one in packs}
    return find_staff_names(session, people - {None})  # type: ignore[arg-type]


def title_of(pack: PolicyPack) -> str:
    """Return what a pack is called in the reader's language."""
    return said_of(pack.title_zh, pack.title_en)


def said_of(zh: str, en: str) -> str:
    """Return the one of two texts that the reader reads."""
    return said(Words(zh=zh, en=en))


def shipped_packs() -> list[tuple[str, Any]]:
    """Return the packs that come with the product, by name."""
    return [(name, read_shipped(name)) for name in list_shipped()]


def headings() -> list[str]:
    """Return what stands over the columns of a file of figures."""
    return [_("Programme"), _("Code"), _("Part of it"), _("Table"), _("Case"), _("Figure"),
            _("Legal document"), _("Clause"), _("From"), _("Until"), _("Standing"),
            _("State")]  # fmt: skip


def cells(programme: Programme) -> Iterable[list[Any]]:
    """Yield a line of the file for each figure, and for each thing that is published nowhere."""
    name, state = said(programme.name), _("paid by it") if programme.is_on else _("not paid by it")
    for one in told_of(programme):
        yield [
            name, programme.programme, word("policy_group", one.group), one.table, one.what,
            one.figure, one.document, one.based.clause, f"{one.based.from_}",
            f"{one.based.to or ''}", word("policy_standing", one.standing), state,
        ]  # fmt: skip
    for missing in programme.unpublished:
        yield [name, programme.programme, _("Published nowhere"), "", said(missing.what),
               said(missing.why), "", "", "", "", "", state]  # fmt: skip
