"""How each bank wants its file and writes its return: forms kept as data, in `banks/`."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from server.intake.columns import Column
from server.intake.mapping import TableMapping
from server.policies.programmes.terms import Words
from server.subsidies.payments.errors import LayoutUnknown

FOLDER = Path(__file__).with_name("banks")
Headings = Annotated[tuple[str, ...], Field(min_length=1)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FileForm(Strict):
    """How bytes are written, and on which row count and sum stand."""

    encoding: Literal["utf-8-sig", "gb18030"]
    totals: Literal["first", "last"]


class FileColumn(Strict):
    """A column of the file, and what stands in it."""

    heading: str
    value: Literal["row", "number", "holder", "bank", "account", "yuan", "fen", "purpose"]


class ReturnForm(Strict):
    """Which column of a return says what, and by which words."""

    number: Headings
    amount: Headings
    outcome: Headings
    code: Headings
    reason: Headings
    unit: Literal["yuan", "fen"]
    paid: Headings
    failed: Headings


class BankLayout(Strict):
    """A bank's form. `standing`: our own, or one without a source that the bank has to confirm."""

    name: Words
    standing: Literal["own", "sourced", "unsourced"]
    file: FileForm
    columns: Annotated[list[FileColumn], Field(min_length=3)]
    returns: ReturnForm

    def mapping(self) -> TableMapping:
        """Return how a return is read."""
        form = self.returns
        required = {"number": form.number, "amount": form.amount, "outcome": form.outcome}
        others = {"code": form.code, "reason": form.reason}
        columns = {
            name: Column(headings=headings, required=name in required)
            for name, headings in {**required, **others}.items()
        }
        return TableMapping(columns=columns)


@cache
def layouts() -> Mapping[str, BankLayout]:
    """Return every bank's form by its name; the generic one first."""
    found = {
        path.stem: BankLayout.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        for path in FOLDER.glob("*.yaml")
    }
    return dict(sorted(found.items(), key=lambda one: (one[1].standing != "own", one[0])))


def get_layout(code: str) -> BankLayout:
    """Return one; raises `LayoutUnknown`."""
    found = layouts().get(code)
    if found is None:
        raise LayoutUnknown()
    return found
