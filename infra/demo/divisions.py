"""The villages of the city, as the demo spreads its people and sites over them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import text
from sqlmodel import Session

# A village is listed by the name of its committee: 周村村委会, 康乐社区居委会.
COMMITTEE = re.compile(r"(?<=村)(民委员|委)会$|(居民委员|居委)会$")
EVERY_DIVISION = text("SELECT code, name FROM division ORDER BY code")


class NoVillages(LookupError):
    """The demo puts people into villages, and the city has none yet."""


@dataclass(frozen=True)
class Divisions:
    """Names by code, in the order of the codes."""

    city_code: str
    names: Mapping[str, str]

    @cached_property
    def counties(self) -> Sequence[str]:
        """Codes of the counties that have a village."""
        return sorted({code[:6] for code in self.villages})

    @cached_property
    def villages(self) -> Sequence[str]:
        """Codes of every village that people can be put into: a prison is listed as one too."""
        return [code for code, name in self.names.items() if len(code) == 12 and "监狱" not in name]

    def village(self, county_no: int, town_no: int, village_no: int) -> str:
        """Return a village by its place in the list; beyond the end counting begins anew."""
        county = self.counties[county_no % len(self.counties)]
        towns = sorted({code[:9] for code in self.villages if code.startswith(county)})
        town = towns[town_no % len(towns)]
        villages = [code for code in self.villages if code.startswith(town)]
        return villages[village_no % len(villages)]

    def spelled_out(self, code: str) -> str:
        """Return the names from the city down to the division, as an address begins."""
        names = [self.names[code[:end]] for end in (4, 6, 9, 12) if end <= len(code)]
        return COMMITTEE.sub("", "".join(names))


def read_divisions(session: Session, city_code: str) -> Divisions:
    """Return the city's divisions; raises `NoVillages`."""
    rows = session.connection().execute(EVERY_DIVISION).all()
    divisions = Divisions(city_code, {row.code: row.name for row in rows})
    if not divisions.villages:
        raise NoVillages(city_code)
    return divisions
