"""How a canteen stands, from plain figures."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

WEEKS = 4
DAYS = 7 * WEEKS


class Standing(StrEnum):
    """In words: runs, has few eaters, or stands still."""

    RUNS = "runs"  # 正常
    FEW = "few"  # 偏少
    STILL = "still"  # 停摆


@dataclass(frozen=True)
class Takings:
    """What four weeks brought in: by eaters, subsidy and charity, and by the operating subsidy."""

    meals: int
    own_pay_fen: int
    subsidy_fen: int
    charity_fen: int
    operation_fen: int

    @property
    def revenue_fen(self) -> int:
        return self.own_pay_fen + self.subsidy_fen + self.charity_fen + self.operation_fen

    def loss_fen(self, cost_per_meal_fen: int) -> int:
        """What the meals cost more than they brought in; below nought is a gain."""
        return self.meals * cost_per_meal_fen - self.revenue_fen


def standing(
    *, meals: int, places: int, last_on: date | None, today: date, few_percent: int, days: int
) -> Standing:
    """Say how it stands: without a sale for `days` it stands still, whatever it offers."""
    if last_on is None or (today - last_on).days >= days:
        return Standing.STILL
    return Standing.FEW if meals * 100 < places * few_percent else Standing.RUNS
