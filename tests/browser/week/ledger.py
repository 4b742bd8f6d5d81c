"""What the month must come to, counted by hand: none of it asks the platform.

The rates are those of the `reference` pack (丹东市《老年助餐服务补贴支持办法（试行）》; 运营补贴 as
in 北京市《关于提升北京市养老助餐服务管理水平的实施意见》), written down here once more.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from tests.browser.week.people import Elder

LIST, DISCOUNT, CHARITY = 1200, 120, 50
BY_AGE = {60: 100, 65: 200, 80: 300}
FOR_THE_POOR = 200
A_PERSON_DAY = 300


class Parts(NamedTuple):
    """A line of the statement: how many meals, and who paid which part of them, in fen."""

    meals: int
    list_fen: int
    discount_fen: int
    charity_fen: int
    own_pay_fen: int
    subsidy_fen: int


@dataclass
class Ledger:
    """Every meal that was handed out: who ate on which day."""

    eaten: list[tuple[Elder, date]] = field(default_factory=list)

    def eats(self, day: date, *elders: Elder) -> None:
        self.eaten += [(elder, day) for elder in elders]

    def lines(self) -> list[Parts]:
        """One for each age and tier, without their names, in the order of their sums."""
        groups = Counter((_age_from(elder, day), elder.is_poor) for elder, day in self.eaten)
        return sorted(_times(number, *group) for group, number in groups.items())

    def together(self) -> Parts:
        return Parts(*(sum(column) for column in zip(*self.lines(), strict=True)))

    def operation(self) -> int:
        """Nobody eats twice a day in this story, and yet days are what is counted."""
        return A_PERSON_DAY * len(set(self.eaten))

    def owed(self) -> int:
        return self.together().subsidy_fen + self.operation()


def own_pay(elder: Elder, day: date) -> int:
    """What the elder pays for a lunch of the day."""
    return _times(1, _age_from(elder, day), elder.is_poor).own_pay_fen


def _age_from(elder: Elder, day: date) -> int:
    """Where the elder's age of the day begins: 60, 65 or 80."""
    has_been = (day.month, day.day) >= (elder.born_on.month, elder.born_on.day)
    age = day.year - elder.born_on.year - (not has_been)
    return max(first for first in BY_AGE if first <= age)


def _times(number: int, age_from: int, is_poor: bool) -> Parts:
    subsidy = BY_AGE[age_from] + (FOR_THE_POOR if is_poor else 0)
    own = LIST - DISCOUNT - CHARITY - subsidy
    return Parts(number, *(number * fen for fen in (LIST, DISCOUNT, CHARITY, own, subsidy)))
