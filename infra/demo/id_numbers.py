"""ID numbers for people who do not exist: each made-up resident's own, found from its ordinal.

The sequence in a number begins at 999 and counts down, where a register office begins at 001; a
number can still belong to somebody, since every well-formed number could. Organisation codes carry
the letters MADEM for the same reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import gcd
from random import Random

from stdnum.cn import uscc

from server.residents.models import Sex

WEIGHTS = tuple(2 ** (17 - place) % 11 for place in range(17))
CHECK_DIGITS = "10X98765432"
HIGHEST_SEQUENCE = {Sex.MALE: 999, Sex.FEMALE: 998}
LOWEST_SEQUENCE = 300

# Of a hundred residents: from which age, to which age, how many women and men.
AGES = (
    (60, 64, 14, 14),
    (65, 69, 13, 12),
    (70, 74, 10, 9),
    (75, 79, 7, 6),
    (80, 84, 4, 4),
    (85, 89, 3, 2),
    (90, 99, 1, 1),
)


class NumbersUsedUp(OverflowError):
    """So many people of one age do not fit into one county's ID numbers."""


def weighed(digits: str, start: int) -> int:
    """Return what the digits at these places add to the sum behind the check digit."""
    return sum(int(digit) * WEIGHTS[start + n] for n, digit in enumerate(digits))


def id_number(county: str, born_on: date, sequence: int) -> str:
    """Return the eighteen characters: county, birthday, sequence, check digit."""
    body = f"{county}{born_on:%Y%m%d}{sequence:03d}"
    return body + CHECK_DIGITS[weighed(body, 0) % 11]


def organisation_code(city_code: str, number: int) -> str:
    """Return a 统一社会信用代码 of a made-up private organisation."""
    body = f"52{city_code}00MADEM{number:04d}"
    return body + uscc.calc_check_digit(body)


@dataclass(frozen=True)
class Birthdays:
    """The days on which the people of one age group were born, in an order that jumps about."""

    days: Sequence[tuple[date, str, int]]
    stride: int

    @classmethod
    def of_ages(cls, youngest: int, oldest: int, *, on: date) -> "Birthdays":
        first = years_before(on, oldest + 1) + timedelta(days=1)
        count = (years_before(on, youngest) - first).days + 1
        days = [first + timedelta(days=n) for n in range(count)]
        texts = [f"{day:%Y%m%d}" for day in days]
        stride = next(n for n in range(1103, 9999) if gcd(n, count) == 1)
        weighty = zip(days, texts, [weighed(text, 6) for text in texts], strict=True)
        return cls(list(weighty), stride)

    def pick(self, number: int, offset: int) -> tuple[tuple[date, str, int], int]:
        """Return the birthday of the group's n-th person, and how often that day came before."""
        turn, place = divmod(number, len(self.days))
        return self.days[(place * self.stride + offset) % len(self.days)], turn


class IdNumbers:
    """Who the k-th person of a county is by sex and birthday, and that person's own number.

    No two (county, k) share a number, and none needs to know of another.
    """

    def __init__(self, seed: int, *, on: date) -> None:
        """Let everybody have the ages of `AGES` on that day."""
        self._birthdays = [Birthdays.of_ages(row[0], row[1], on=on) for row in AGES]
        groups = [
            (sex, age)
            for age, (_, _, women, men) in enumerate(AGES)
            for sex, count in ((Sex.FEMALE, women), (Sex.MALE, men))
            for _ in range(count)
        ]
        Random(f"{seed}/ages").shuffle(groups)
        self._groups = groups
        self._before = [groups[:n].count(group) for n, group in enumerate(groups)]
        self._size = {group: groups.count(group) for group in groups}
        self._weighed_sequences = [weighed(f"{n:03d}", 14) for n in range(1000)]

    def person(self, county: str, weighed_county: int, k: int) -> tuple[Sex, date, str]:
        """Return sex, birthday and ID number; `weighed_county` is `weighed(county, 0)`."""
        block, place = divmod(k, len(self._groups))
        group = self._groups[place]
        sex, age = group
        number = block * self._size[group] + self._before[place]
        (born_on, text, weighed_day), turn = self._birthdays[age].pick(number, int(county))
        sequence = HIGHEST_SEQUENCE[sex] - 2 * turn
        if sequence < LOWEST_SEQUENCE:
            raise NumbersUsedUp(county)
        total = weighed_county + weighed_day + self._weighed_sequences[sequence]
        return sex, born_on, f"{county}{text}{sequence:03d}{CHECK_DIGITS[total % 11]}"


def years_before(day: date, years: int) -> date:
    """Return the same day years ago; 29 February becomes 28 February where it must."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
