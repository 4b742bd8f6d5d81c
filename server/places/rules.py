"""In which county an address lies, as far as its words say so; never a guess."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

COUNTY_SUFFIX = re.compile(r"(自治县|自治旗|林区|特区|[区县市旗])$")
CITY_SUFFIX = re.compile(r"(市|地区|盟)$")
# After a county's short name these make another name of it: a road, a zone, a sight.
MAKES_ANOTHER_NAME = re.compile(
    r"[东西南北中一二三四五六七八九十新老]?(大道|大街|街(?!道)|路|巷|弄)"
    r"|里|桥|站|门|山|湖|河|江|港|广场|机场|公园|医院|大学|中学|小学"
    r"|[一-鿿]{0,4}(新区|新城|开发区|高新|产业园|工业园|园区|度假区|风景区)"
)
SEAT_OF = re.compile(r"街道|镇|乡")


class Said(Enum):
    """By what words a county was found, or why it was not."""

    NAME = "name"
    NICKNAME = "nickname"
    SHORT_NAME = "short-name"
    TOWN = "town"
    SEVERAL = "several"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Found:
    """The county that the words name, `None` when they name none or several."""

    code: str | None
    said: Said
    words: str = ""


@dataclass(frozen=True)
class Gazetteer:
    """The names of a city's divisions, by which an address is understood.

    `counties` and `towns` are code → name, `nicknames` name → county code.
    """

    city_code: str
    city_names: Sequence[str]
    counties: Mapping[str, str]
    towns: Mapping[str, str]
    nicknames: Mapping[str, str]


NOTHING = Found(None, Said.NOTHING)


def find_county(address: str, gazetteer: Gazetteer) -> Found:
    """Find the county by its name or nickname, then by its short name, then by a town's name.

    Two counties in one address are none. A development zone or new area is none either, since it
    lies across counties: only a full name settles it.
    """
    bare = re.sub(r"\s", "", address)
    for look in (_by_name, _by_short_name, _by_town):
        found = look(bare, gazetteer)
        if found.said is not Said.NOTHING:
            return found
    return NOTHING


def find_county_by_name(words: str, gazetteer: Gazetteer) -> Found:
    """As `find_county`, by full names and nicknames alone: for words that are not an address."""
    return _by_name(re.sub(r"\s", "", words), gazetteer)


def short_name(county: str) -> str:
    """Return the county's name without 区, 县 or 市; empty when a single character remains."""
    short = COUNTY_SUFFIX.sub("", county)
    return short if len(short) > 1 else ""


def names_of_city(name: str) -> list[str]:
    """Return the ways to write a city's name, the longest first."""
    return list(dict.fromkeys([name, CITY_SUFFIX.sub("", name)]))


def _by_name(bare: str, gazetteer: Gazetteer) -> Found:
    names = {name: code for code, name in gazetteer.counties.items()}
    named = _names_in(bare, names, gazetteer)
    nicknamed = _names_in(bare, gazetteer.nicknames, gazetteer)
    codes = {**nicknamed, **named}
    if len(set(codes.values())) > 1:
        return Found(None, Said.SEVERAL, "、".join(codes))
    for name, code in named.items():
        return Found(code, Said.NAME, name)
    for name, code in nicknamed.items():
        return Found(code, Said.NICKNAME, name)
    return NOTHING


def _names_in(bare: str, names: Mapping[str, str], gazetteer: Gazetteer) -> dict[str, str]:
    """The names that the words hold, without those that are only part of a longer one.

    A name of two characters, such as 城区, is a common noun too: it counts only where a county
    must stand.
    """
    held = [
        name
        for name in names
        if (name in bare if len(name) > 2 else _stands_first(bare, name, gazetteer))
    ]
    return {
        name: names[name]
        for name in held
        if not any(name != longer and name in longer for longer in held)
    }


def _by_short_name(bare: str, gazetteer: Gazetteer) -> Found:
    found = {
        short_name(name): code
        for code, name in gazetteer.counties.items()
        if short_name(name) and _is_meant_by_short_name(bare, short_name(name), gazetteer)
    }
    if len(found) > 1:
        return Found(None, Said.SEVERAL, "、".join(found))
    for short, code in found.items():
        return Found(code, Said.SHORT_NAME, short)
    return NOTHING


def _is_meant_by_short_name(bare: str, short: str, gazetteer: Gazetteer) -> bool:
    """True for 南京栖霞…, and for the town of the county's own name; not for 玄武大道."""
    rest = _rest_after(bare, short, gazetteer)
    if rest is None or MAKES_ANOTHER_NAME.match(rest):
        return False
    return bool(SEAT_OF.match(rest)) or not bare.startswith(short)


def _by_town(bare: str, gazetteer: Gazetteer) -> Found:
    held = {name for name in gazetteer.towns.values() if len(name) > 2 and name in bare}
    held -= {name for name in held for longer in held if name != longer and name in longer}
    counties = {code[:6] for code, name in gazetteer.towns.items() if name in held}
    if len(counties) > 1:
        return Found(None, Said.SEVERAL, "、".join(sorted(held)))
    for county in counties:
        return Found(county, Said.TOWN, min(held))
    return NOTHING


def _stands_first(bare: str, name: str, gazetteer: Gazetteer) -> bool:
    return _rest_after(bare, name, gazetteer) is not None


def _rest_after(bare: str, name: str, gazetteer: Gazetteer) -> str | None:
    """What follows the name where it begins the address or comes right after the city's name."""
    if bare.startswith(name):
        return bare.removeprefix(name)
    for city in gazetteer.city_names:
        _, found, rest = bare.partition(city + name)
        if found:
            return rest
    return None
