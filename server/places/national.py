"""The provinces, cities and counties of the country, as they come with Yinling."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from server.places import rules

FOLDER = Path(__file__).parent / "data"
# In these, the two levels between country and county are one, and a list names it by province.
WITHOUT_CITY_NAME = ("市辖区", "县")


class DivisionRow(NamedTuple):
    """One line of a list of divisions."""

    code: str
    name: str
    level: str
    parent_code: str | None


@cache
def national_list() -> tuple[DivisionRow, ...]:
    """Return every province, city and county, in the order of their codes."""
    with (FOLDER / "national.csv").open(encoding="utf-8-sig", newline="") as file:
        return tuple(DivisionRow(**row) for row in csv.DictReader(file))


def counties_of(city_code: str) -> list[DivisionRow]:
    """Return the city and its counties; an empty list when there is no such city."""
    return [row for row in national_list() if row.code.startswith(city_code)]


@cache
def city_codes() -> frozenset[str]:
    """Return the codes of all cities."""
    return frozenset(row.code for row in national_list() if row.level == "city")


@cache
def cities_by_name() -> Mapping[str, frozenset[str]]:
    """Return every way to write a city's name → the codes of the cities that it may mean."""
    names = {row.code: row.name for row in national_list() if row.level != "county"}
    meanings: dict[str, frozenset[str]] = {}
    for code, name in names.items():
        if len(code) == 4:
            known_as = names[code[:2]] if name in WITHOUT_CITY_NAME else name
            for written in rules.names_of_city(known_as):
                meanings[written] = meanings.get(written, frozenset()) | {code}
    return meanings


def city_named_in(address: str) -> frozenset[str]:
    """Return the cities whose full name begins the address, its province before it or not."""
    bare = "".join(address.split())
    for province in _provinces():
        if bare.startswith(province):
            return _city_beginning(bare) or _city_beginning(bare.removeprefix(province))
    return _city_beginning(bare)


def _city_beginning(bare: str) -> frozenset[str]:
    for name, codes in cities_by_name().items():
        if name.endswith(("市", "州", "盟", "地区")) and bare.startswith(name):
            return codes
    return frozenset()


@cache
def _provinces() -> tuple[str, ...]:
    return tuple(row.name for row in national_list() if row.level == "province")


@cache
def nicknames_of(city_code: str) -> Mapping[str, str]:
    """Return former and informal names of the city's counties → their codes."""
    listed = yaml.safe_load((FOLDER / "nicknames.yaml").read_text("utf-8"))
    return dict(listed.get(city_code, {}))
