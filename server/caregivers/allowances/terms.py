"""How the figures of an allowance may read. A key that stands here nowhere is refused.

Each programme has up to five parameters, `entry_reward.amounts` and so on:

- `amounts`: what it comes to, by degree, by skill level, by full years of work (`seniority`), or
  for so many years in one home (`years_in_home`). A bare map is by degree or by skill level.
- `instalments`: after so many full years, so many hundredths; together a hundred.
- `conditions`: everything that must hold; what is not named is not asked.
- `continuity`: what becomes of full years when somebody changes the employer or rests.
- `terms`: paid once, each month or each year; on which day level and degree are looked at.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from server.caregivers.allowances.errors import AllowanceRuleUnreadable
from server.caregivers.models import Degree, InsurancePayer


class Programme(StrEnum):
    """补贴项目."""

    ENTRY_REWARD = "entry_reward"  # 一次性入职奖励
    POST_ALLOWANCE = "post_allowance"  # 岗位津贴
    SKILL_REWARD = "skill_reward"  # 技能等级一次性奖励
    SENIORITY_REWARD = "seniority_reward"  # 工龄奖励


class Per(StrEnum):
    MONTH = "month"
    YEAR = "year"
    ONCE = "once"


A_FEN = Annotated[int, Field(strict=True, ge=0, le=100_000_000)]
YEARS = Annotated[int, Field(strict=True, ge=0, le=60)]
A_LEVEL = Annotated[int, Field(ge=1, le=5)]
A_DAY_OF_THE_YEAR = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ByDegree(Strict):
    by: Literal["degree"]
    fen: Mapping[Degree, A_FEN]


class BySkillLevel(Strict):
    by: Literal["skill_level"]
    fen: Mapping[A_LEVEL, A_FEN]


class Band(Strict):
    """From so many full years until before so many; without `to_years` for ever."""

    from_years: YEARS
    to_years: YEARS | None = None
    fen: A_FEN


class BySeniority(Strict):
    by: Literal["seniority"]
    bands: Annotated[list[Band], Field(min_length=1)]

    @model_validator(mode="after")
    def _bands_follow_one_another(self) -> Self:
        for one, following in pairwise(self.bands):
            if one.to_years is None or following.from_years < one.to_years:
                raise ValueError("bands overlap, or stand in another order")
        return self


class ByYearsInHome(Strict):
    by: Literal["years_in_home"]
    every_years: Annotated[int, Field(strict=True, ge=1, le=20)]
    fen: A_FEN


def _named(value: Any) -> Any:
    """A bare map says by its keys what it is by."""
    if not isinstance(value, Mapping) or "by" in value:
        return value
    by = "skill_level" if all(str(key).isdigit() for key in value) else "degree"
    return {"by": by, "fen": value}


Amounts = Annotated[
    Annotated[
        ByDegree | BySkillLevel | BySeniority | ByYearsInHome, Field(discriminator="by")
    ],
    BeforeValidator(_named),
]  # fmt: skip


class Instalment(Strict):
    after_years: YEARS
    percent: Annotated[int, Field(strict=True, ge=1, le=100)]


def _whole(instalments: list[Instalment]) -> list[Instalment]:
    if sum(one.percent for one in instalments) != 100:
        raise ValueError("instalments are not a hundred together")
    years = [one.after_years for one in instalments]
    if years != sorted(set(years)):
        raise ValueError("instalments stand in another order than their years")
    return instalments


class Conditions(Strict):
    """What must hold. A condition that is left out is not asked."""

    hired_from: date | None = None
    hired_from_counts: bool = True
    front_line: Literal[True] | None = None
    full_time: Literal[True] | None = None
    on_establishment: Literal[False] | None = None
    contract: Literal[True] | None = None
    contract_years: YEARS | None = None
    insurance_payers: list[InsurancePayer] | None = None
    graduated_within_years: YEARS | None = None
    months_in_post: Annotated[int, Field(strict=True, ge=0, le=240)] | None = None
    attendance_days: Annotated[int, Field(strict=True, ge=0, le=366)] | None = None
    certificate: Literal[True] | None = None
    continuing_education: Literal[True] | None = None
    no_breach: Literal[True] | None = None
    payee_account: Literal[True] | None = None


class Continuity(Strict):
    change_of_employer: Literal["counts_on", "starts_again"] = "counts_on"
    interruption: Literal["counts_on", "starts_again"] = "counts_on"
    longest_interruption_days: Annotated[int, Field(strict=True, ge=0)] | None = None
    part_time: Literal["counts", "does_not_count"] = "counts"


class Terms(Strict):
    per: Per | None = None
    standard: Literal["when_due", "when_hired"] = "when_due"
    level_on: Literal["first_day", "last_day"] = "last_day"
    judged_on: A_DAY_OF_THE_YEAR = "12-31"


class Window(Strict):
    """Claims of a programme are taken from one day of a year to another, both counted."""

    programme: Programme
    opens: A_DAY_OF_THE_YEAR
    closes: A_DAY_OF_THE_YEAR

    @model_validator(mode="after")
    def _closes_after_opening(self) -> Self:
        if self.closes < self.opens:
            raise ValueError("a window closes before it opens")
        return self


HOURS, WINDOWS = "continuing_education.hours_a_year", "allowances.claim_windows"
PARTS: Mapping[str, TypeAdapter[Any]] = {
    "amounts": TypeAdapter(Amounts),
    "instalments": TypeAdapter(Annotated[list[Instalment], Field(min_length=1)]),
    "conditions": TypeAdapter(Conditions),
    "continuity": TypeAdapter(Continuity),
    "terms": TypeAdapter(Terms),
}
OF_ALL: Mapping[str, TypeAdapter[Any]] = {
    HOURS: TypeAdapter(Annotated[int, Field(strict=True, ge=0, le=1000)]),
    WINDOWS: TypeAdapter(list[Window]),
}
KEYS = (*(f"{programme}.{part}" for programme in Programme for part in PARTS), *OF_ALL)


def read_figure(key: str, value: Any) -> Any:
    """Return the figure as rules use it; raises `AllowanceRuleUnreadable` with what is wrong."""
    programme, _, part = key.partition(".")
    reader = OF_ALL.get(key) or (PARTS.get(part) if programme in set(Programme) else None)
    if reader is None:
        raise AllowanceRuleUnreadable(parameter=key, said="nothing is known by this name")
    try:
        figure = reader.validate_python(value)
        return _whole(figure) if part == "instalments" else figure
    except (ValidationError, ValueError) as error:
        raise AllowanceRuleUnreadable(parameter=key, said=_said(error)) from error


def _said(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    return "; ".join(
        f"{'.'.join(str(step) for step in one['loc']) or 'value'}: {one['msg']}"
        for one in error.errors()
    )
