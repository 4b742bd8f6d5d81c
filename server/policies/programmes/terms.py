"""The words a programme is written in: who is paid, how often, and how a figure is chosen."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

MARK = r"^[a-z][a-z0-9_]{1,39}$"
Mark = Annotated[str, Field(pattern=MARK)]
Fen = Annotated[int, Field(strict=True, ge=0, le=10_000_000_000)]
Percent = Annotated[int, Field(strict=True, ge=0, le=1000)]
Whole = Annotated[int, Field(strict=True, ge=0, le=100_000)]
A_DAY_OF_THE_YEAR = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
Said = Annotated[str, Field(min_length=1, max_length=200)]


class Beneficiary(StrEnum):
    """Whom a line is about, or who is paid."""

    RESIDENT = "resident"
    CAREGIVER = "caregiver"
    SITE = "site"


class Period(StrEnum):
    """How much time one run of a programme covers."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


class Stack(StrEnum):
    """What becomes of several tables that each give an amount."""

    SUM = "sum"  # 叠加
    HIGHEST = "highest"  # 就高


class Counting(StrEnum):
    """How often an amount is paid."""

    EACH = "each"  # 按数量: as often as the fact says
    FULL_MONTH = "full_month"  # 满月计: once where the fact is all days of the month
    FROM_DAYS = "from_days"  # 满若干天计一月: once where the fact is `days` or more
    BY_DAY = "by_day"  # 按天折算: the fact over the days of the month


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Words(Strict):
    zh: Said
    en: Said


class Document(Strict):
    """A document that figures rest on. `standing` says how far it may be trusted."""

    title: Said
    source: str = ""
    standing: Literal["sourced", "reference", "unsourced"] = "sourced"


class Based(Strict):
    """Every figure names its document and clause, and its days (both counted)."""

    document: Mark
    clause: Said
    from_: date = Field(alias="from")
    to: date | None = None

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.to is not None and self.to < self.from_:
            raise ValueError("a figure ends before it starts")
        return self

    def holds_on(self, day: date) -> bool:
        """True where the figure is in force on the civil day."""
        return self.from_ <= day and (self.to is None or day <= self.to)


Scalar = bool | int | date | str


class Between(Strict):
    """A range of a number or a day; every bound that is named counts."""

    at_least: int | date | None = None
    at_most: int | date | None = None
    above: int | date | None = None
    below: int | date | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("a range without a bound")
        return self


Cell = Between | Scalar | Annotated[list[Scalar], Field(min_length=1)]


def bounds_of(cell: Cell) -> dict[str, Any]:
    """Return a cell as operator → value; a word or a list of words is `among` them."""
    if isinstance(cell, Between):
        named = {name: getattr(cell, name) for name in sorted(cell.model_fields_set)}
        return {name: bound for name, bound in named.items() if bound is not None}
    return {"among": cell if isinstance(cell, list) else [cell]}
