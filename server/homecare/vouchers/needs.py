"""Who is entitled to what, as one table: what each programme asks for. Plain values.

Purchased service: groups of a city (Hefei: S51). Voucher: 民发〔2025〕37号 as told by S44, S45.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from server.homecare.vouchers.models import Programme
from server.residents.assessments.models import AbilityLevel
from server.residents.models import HardshipTier, SpecialCare

MODERATE_OR_WORSE = (AbilityLevel.MODERATE, AbilityLevel.SEVERE, AbilityLevel.TOTAL)
TEKUN = (HardshipTier.TEKUN, HardshipTier.TEKUN_IN_CARE)


class EntitlementNeed(StrEnum):
    """What a programme asks for; the catalogues say each in words, under `need`."""

    STILL_HERE = "still_here"
    NOT_IN_A_HOUSE = "not_in_a_house"
    LEVEL_MODERATE = "level_moderate"
    NOT_TEKUN = "not_tekun"
    NO_CARE_ALLOWANCE = "no_care_allowance"
    NO_BUILD_GRANT = "no_build_grant"
    IN_A_GROUP = "in_a_group"


@dataclass(frozen=True)
class Group:
    """Whom a city buys service for, and for how much a month."""

    code: str
    age: int
    monthly_fen: int
    tier: HardshipTier | None = None
    care: SpecialCare | None = None


@dataclass(frozen=True)
class PersonFacts:
    """One person on one day."""

    on: date
    born_on: date
    lives_here: bool = True
    is_in_a_house: bool = False
    level: AbilityLevel | None = None
    tier: HardshipTier | None = None
    cares: Set[SpecialCare] = field(default_factory=frozenset)
    gets_care_allowance: bool = False
    has_build_grant: bool = False
    groups: Sequence[Group] = ()

    @property
    def age(self) -> int:
        """Whole years on the day."""
        before = (self.on.month, self.on.day) < (self.born_on.month, self.born_on.day)
        return self.on.year - self.born_on.year - before

    @property
    def group(self) -> Group | None:
        """The group that brings most, of those the person is in; None for nobody's."""
        fitting = [one for one in self.groups if self._is_in(one)]
        return max(fitting, key=lambda one: (one.monthly_fen, one.code), default=None)

    def _is_in(self, group: Group) -> bool:
        return (
            self.age >= group.age
            and (group.tier is None or group.tier is self.tier)
            and (group.care is None or group.care in self.cares)
        )


N = EntitlementNeed
IS_MET: Mapping[EntitlementNeed, Callable[[PersonFacts], bool]] = {
    N.STILL_HERE: lambda facts: facts.lives_here,
    N.NOT_IN_A_HOUSE: lambda facts: not facts.is_in_a_house,
    N.LEVEL_MODERATE: lambda facts: facts.level in MODERATE_OR_WORSE,
    N.NOT_TEKUN: lambda facts: facts.tier not in TEKUN,
    N.NO_CARE_ALLOWANCE: lambda facts: not facts.gets_care_allowance,
    N.NO_BUILD_GRANT: lambda facts: not facts.has_build_grant,
    N.IN_A_GROUP: lambda facts: facts.group is not None,
}
NEEDS: Mapping[Programme, Sequence[EntitlementNeed]] = {
    Programme.PURCHASED: (N.STILL_HERE, N.NOT_IN_A_HOUSE, N.IN_A_GROUP),
    Programme.VOUCHER: (
        N.STILL_HERE,
        N.NOT_IN_A_HOUSE,
        N.LEVEL_MODERATE,
        N.NOT_TEKUN,
        N.NO_CARE_ALLOWANCE,
        N.NO_BUILD_GRANT,
    ),
}


def unmet(programme: Programme, facts: PersonFacts) -> list[EntitlementNeed]:
    """Return all that is missing, in the order of the table."""
    return [need for need in NEEDS[programme] if not IS_MET[need](facts)]


def groups_of(value: Sequence[Mapping[str, Any]]) -> list[Group]:
    """Return the groups of the parameter."""
    return [
        Group(
            code=one["code"],
            age=one["age"],
            monthly_fen=one["monthly_fen"],
            tier=HardshipTier(one["tier"]) if "tier" in one else None,
            care=SpecialCare(one["care"]) if "care" in one else None,
        )
        for one in value
    ]


def first_month(applied_on: date, months_after: int) -> date:
    """Return the first day of the month from which an entitlement holds.

    申请当月，次月生效 (S51): so many months after the one in which it was asked for.
    """
    year, month = divmod(applied_on.year * 12 + applied_on.month - 1 + months_after, 12)
    return date(year, month + 1, 1)
