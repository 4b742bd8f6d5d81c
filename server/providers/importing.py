"""A foreign list of facilities becomes sites of the city: understood first, then written."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from server.intake.checking import Belongs, Checked, Record, Scope, check_table
from server.intake.columns import Column, plain
from server.intake.findings import Complaint, error, notice, warning
from server.intake.mapping import TableMapping, Target, read_mapping
from server.intake.parsers import OFFICE
from server.intake.tables import read_table
from server.places import national, rules
from server.places.rules import Found, Gazetteer, Said
from server.providers.models import FacilityKind, OpeningState, Ownership

MAPPING = Path(__file__).parent / "mappings" / "facilities.yaml"

TARGETS = {
    "city": Target(),
    "kind": Target(("only_term",), choices=frozenset(FacilityKind)),
    "name": Target(longest=120),
    "address": Target(("address", "text"), longest=300),
    "phone": Target(("phone", "text"), longest=20),
    "ownership": Target(("term", "only_term"), choices=frozenset(Ownership)),
    "is_inclusive": Target(("yes_or_no",)),
    "beds_declared": Target(("count",)),
    "monthly_price_from_fen": Target(("fen",)),
    "inclusive_price_fen": Target(("fen",)),
    "features": Target(("words",), longest=40),
}
HOW_FOUND = {
    Said.NICKNAME: "county-by-nickname",
    Said.SHORT_NAME: "county-by-short-name",
    Said.TOWN: "county-by-town",
}
LONGEST_GIVEN_OWNERSHIP = 40
NOT_OPEN_YET = "未开业"


@dataclass
class Understood:
    """What a list holds about this city: rows ready to be written, and all that was noticed.

    `fields` are the columns of `site` that the list itself has; the others it says nothing about.
    """

    checked: Checked
    fields: frozenset[str]
    sites: list[dict[str, Any]] = field(default_factory=list)
    repeated: int = 0


def understand_facilities(
    path: Path, *, gazetteer: Gazetteer, mapping_path: Path = MAPPING
) -> Understood:
    """Read and check every row of the file; nothing is written.

    Raises the errors of `server.intake` where the file as a whole, or the mapping, is unusable.
    """
    mapping = _keeping_the_given_word(read_mapping(mapping_path, targets=TARGETS))
    table = read_table(path, mapping=mapping)
    checked = check_table(
        table, mapping=mapping, scope=_scope(gazetteer.city_code), scope_field="city"
    )
    understood = Understood(checked, frozenset(checked.headings) - {"city"})
    first: dict[str, Record] = {}
    for record in checked.records:
        key = source_key(gazetteer.city_code, record.values["name"], record.values["address"])
        if first.setdefault(key, record) is record:
            site = _site(checked, record, gazetteer)
            understood.sites.append(site | {"source_name": path.name, "source_key": key})
        else:
            _note_repetition(understood, record, first[key])
    return understood


def _keeping_the_given_word(mapping: TableMapping) -> TableMapping:
    """Read the ownership twice: as a word of the glossary, and as the word that was given."""
    if "ownership" not in mapping.columns:
        return mapping
    as_given = Column(
        headings=mapping.columns["ownership"].headings, longest=LONGEST_GIVEN_OWNERSHIP
    )
    columns = {**mapping.columns, "ownership_as_given": as_given}
    return mapping.model_copy(update={"columns": columns})


def source_key(city_code: str, name: str, address: str) -> str:
    """Return the key that finds the site again when its file comes again, in whatever spacing."""
    words = "\n".join((city_code, plain(name), plain(address)))
    return f"{city_code}-{hashlib.sha256(words.encode()).hexdigest()[:40]}"


def _scope(city_code: str) -> Scope:
    """A list without a city column is about this city; a city nobody knows is unclear."""

    def belongs(cells: Mapping[str, str]) -> Belongs:
        if "city" not in cells:
            return Belongs.HERE
        meant = national.cities_by_name().get(cells["city"], frozenset({cells["city"]}))
        if city_code in meant:
            return Belongs.HERE
        return Belongs.ELSEWHERE if meant <= national.city_codes() else Belongs.UNCLEAR

    return belongs


def _note_repetition(understood: Understood, record: Record, first: Record) -> None:
    """The same row twice is harmless; the same site with other values is somebody's mistake."""
    name = record.values["name"]
    if record.values == first.values:
        understood.repeated += 1
        understood.checked.note(
            record.row, "name", name, notice("repeats-row", row=first.row.number)
        )
    else:
        understood.checked.note(
            record.row, "name", name, error("contradicts-row", row=first.row.number)
        )


def _site(checked: Checked, record: Record, gazetteer: Gazetteer) -> dict[str, Any]:
    """The record as columns of `site`, its county found where the words say it."""
    values = {name: value for name, value in record.values.items() if name != "city"}
    name = values["name"]
    is_planned = NOT_OPEN_YET in name
    if is_planned:
        checked.note(record.row, "name", name, notice("not-open-yet"))
    return values | {
        "division_code": _county_code(checked, record, gazetteer) or gazetteer.city_code,
        "features": values.get("features") or [],
        "opening_state": OpeningState.PLANNED if is_planned else OpeningState.OPEN,
    }


def _county_code(checked: Checked, record: Record, gazetteer: Gazetteer) -> str | None:
    """The county the address names; failing that, the one that the site's own name does."""
    address, name = record.values["address"], record.values["name"]
    by_address = _found_in(address, gazetteer)
    by_name = rules.find_county_by_name(name, gazetteer)
    code, complaint = _settled(by_address, by_name, gazetteer)
    if complaint:
        checked.note(record.row, "address", address, complaint)
    return code


def _found_in(address: str, gazetteer: Gazetteer) -> Found:
    """The county of the address; none for an enquiry office, nor in another city."""
    city = national.city_named_in(address)
    if OFFICE.search(address) or (city and gazetteer.city_code not in city):
        return rules.NOTHING
    return rules.find_county(address, gazetteer)


def _settled(
    by_address: Found, by_name: Found, gazetteer: Gazetteer
) -> tuple[str | None, Complaint | None]:
    """The county to take, and what is to be said about taking it."""
    if by_address.code is None:
        if by_name.code is not None:
            return by_name.code, notice("county-by-site-name", county=by_name.words)
        if by_address.said is Said.SEVERAL:
            return None, warning("counties-several", counties=by_address.words)
        return None, warning("county-not-found")

    county = gazetteer.counties[by_address.code]
    if by_name.code not in (None, by_address.code):
        return by_address.code, warning("county-disagrees", named=by_name.words, county=county)
    if by_address.said in HOW_FOUND:
        return by_address.code, notice(HOW_FOUND[by_address.said], county=county)
    return by_address.code, None
