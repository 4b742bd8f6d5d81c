"""A programme as its file says it. No text of it is ever run: it only chooses among these forms.

An amount is: what the tables give (the sum, or the highest), times how often it counts, times the
hundredths of every factor; cut to each cap; rounded once, at the end. Whoever breaks a condition,
or finds no row in a table that decides, gets nothing, and the reason is kept.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from server.policies.programmes.terms import (
    A_DAY_OF_THE_YEAR,
    Based,
    Beneficiary,
    Cell,
    Counting,
    Document,
    Fen,
    Mark,
    Percent,
    Period,
    Said,
    Stack,
    Strict,
    Whole,
    Words,
)


class Condition(Based):
    """What must hold of a case. A fact that is not known does not hold."""

    id: Mark
    fact: Mark
    is_: Cell = Field(alias="is")


class AmountRow(Based):
    """So many fen, or so many hundredths of a fact in fen, for cases of this kind."""

    when: Mapping[Mark, Cell] = {}
    fen: Fen | None = None
    percent: Percent | None = None
    of: Mark | None = None

    @model_validator(mode="after")
    def _is_one_amount(self) -> Self:
        if (self.fen is None) == (self.percent is None) or (self.percent is None) != (
            self.of is None
        ):
            raise ValueError("a row is either `fen`, or `percent` and `of`")
        return self


class PercentRow(Based):
    when: Mapping[Mark, Cell] = {}
    percent: Percent


class AmountTable(Strict):
    """A decision table: the first row that fits decides. `must_fit`: no row is a refusal."""

    id: Mark
    name: Words
    rows: Annotated[list[AmountRow], Field(min_length=1)]
    must_fit: bool = True


class FactorTable(Strict):
    """As an amount table, of hundredths. A case that fits no row is refused."""

    id: Mark
    name: Words
    rows: Annotated[list[PercentRow], Field(min_length=1)]


class Amounts(Strict):
    stack: Stack = Stack.SUM
    tables: Annotated[list[AmountTable], Field(min_length=1)]


class Counts(Based):
    """`days` belongs to `from_days` alone."""

    by: Counting
    fact: Mark
    days: Whole | None = None


class Cap(Based):
    """The most that is paid: for a line, or for one beneficiary in a calendar year or ever.

    `fen` is an amount, `fact` a fact in fen that is never exceeded. `when` limits it to some cases.
    """

    id: Mark
    per: Literal["line", "year", "ever"] = "line"
    when: Mapping[Mark, Cell] = {}
    fen: Fen | None = None
    fact: Mark | None = None

    @model_validator(mode="after")
    def _is_one_cap(self) -> Self:
        if (self.fen is None) == (self.fact is None):
            raise ValueError("a cap is either `fen` or `fact`")
        return self


class Exclusion(Based):
    """Whoever is paid of that family for the month is not paid of this one."""

    family: Mark


class Rounding(Based):
    unit: Literal["fen", "jiao", "yuan"] = "fen"
    how: Literal["half_up", "down"] = "half_up"

    def unit_fen(self) -> int:
        """Return the unit in fen."""
        return {"fen": 1, "jiao": 10, "yuan": 100}[self.unit]


class Window(Strict):
    opens: A_DAY_OF_THE_YEAR
    closes: A_DAY_OF_THE_YEAR


class Evidence(Strict):
    id: Mark
    name: Words
    is_required: bool = True


class Claim(Based):
    """Who asks. `nobody`: what the platform counts decides by itself (免申即享)."""

    by: Literal["nobody", "site", "resident", "caregiver"]
    windows: list[Window] = []
    evidence: list[Evidence] = []


class Stage(Strict):
    at: Literal["town", "county", "city"]
    working_days: Whole


class Approval(Based):
    stages: Annotated[list[Stage], Field(min_length=1)]


class Notice(Based):
    """公示: so many days, before anything is paid. `shows`: what stands beside a masked name."""

    days: Annotated[int, Field(strict=True, ge=1, le=60)]
    counted: Literal["civil_days", "working_days"] = "civil_days"
    shows: Literal["amounts", "names"] = "amounts"


class Recovery(Based):
    """What is taken back of one payment at most, in hundredths of it."""

    most_percent: Annotated[int, Field(strict=True, ge=1, le=100)]


class Unpublished(Strict):
    """What a city pays by something that is nowhere to be read: named, and left off."""

    what: Words
    why: Words


class Example(Strict):
    """A golden case: what comes out for these facts, in fen; `because` names what refuses it.

    `paid` and `also_paid` are what the beneficiary had before, as `reckon` takes them.
    """

    name: Said
    month: Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
    facts: Mapping[Mark, Any]
    gets: Fen
    because: list[Mark] = []
    paid: Mapping[Literal["year", "ever"], Fen] = {}
    also_paid: list[Mark] = []
    source: str = ""


class Programme(Strict):
    """One file of a policy pack."""

    programme: Mark
    name: Words
    family: Mark
    beneficiary: Beneficiary
    payee: Beneficiary
    facts: Mark
    period: Period
    is_on: bool = True
    documents: Annotated[Mapping[Mark, Document], Field(min_length=1)]
    conditions: list[Condition] = []
    amounts: Amounts | None = None
    counts: Counts | None = None
    factors: list[FactorTable] = []
    caps: list[Cap] = []
    rounding: Rounding | None = None
    excludes: list[Exclusion] = []
    claim: Claim | None = None
    approval: Approval | None = None
    notice: Notice | None = None
    recovery: Recovery | None = None
    budget_line: Said | None = None
    unpublished: list[Unpublished] = []
    examples: list[Example] = []

    @model_validator(mode="after")
    def _stands_by_itself(self) -> Self:
        if self.is_on and (self.amounts is None or self.budget_line is None):
            raise ValueError("a programme that is on has amounts and a budget line")
        if not self.is_on and not self.unpublished:
            raise ValueError("a programme that is off says what is not published")
        if self.claimant not in (None, "site", self.beneficiary.value):
            raise ValueError("a claim is made by a site or by whom the programme is for")
        return self

    @property
    def claimant(self) -> str | None:
        """Who must ask before anything is reckoned: `site`, `resident` or `caregiver`.

        None where the platform's own counts decide (免申即享), or nobody is said to decide.
        """
        if self.claim is None or self.approval is None or self.claim.by == "nobody":
            return None
        return self.claim.by
