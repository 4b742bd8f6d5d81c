"""Sets a city up: its schema, its divisions, and the figures to begin with."""

import csv
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, text

from server.db.acts import Act, Face, acting
from server.db.cities import in_city
from server.db.sessions import transaction
from server.migrations.run import migrate
from server.places import national
from server.places.loading import Written, load_divisions
from server.places.national import DivisionRow
from server.policies.service import load_pack

FIRST_PACK = "reference"


class NoSuchCity(LookupError):
    """The national list of divisions has no city of this code."""


@dataclass(frozen=True)
class CityAdded:
    """What setting up wrote, and what was there before."""

    name: str
    divisions: Written
    new_figures: int


def add_city(city_code: str, *, owner: Engine, context_key: str) -> CityAdded:
    """Set the city up, or bring it up to date: running it again changes nothing.

    The process must be wired to the same database. Raises `NoSuchCity`, and `UnusableCityCode`
    for a code that is not four digits.
    """
    counties = national.counties_of(city_code)
    if not counties or counties[0].code != city_code:
        raise NoSuchCity(city_code)

    migrate(owner, city_code, context_key=context_key)
    act = Act(Face.COMMAND, "city.add", str(uuid.uuid4()), service=True)
    with in_city(city_code), acting(act), transaction() as session:
        divisions = load_divisions(session, [*counties, *towns_and_villages(city_code)])
        return CityAdded(counties[0].name, divisions, load_pack(session, FIRST_PACK))


def count_anew(owner: Engine) -> None:
    """Let the database learn what lies in its tables, as it does by itself within a minute or so.

    After a load in bulk: until then it plans as if every table were empty, and pages take seconds.
    """
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def towns_and_villages(city_code: str) -> Sequence[DivisionRow]:
    """Return the towns and villages that come with Yinling; for most cities there are none."""
    path = national.FOLDER / f"{city_code}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [DivisionRow(**row) for row in csv.DictReader(file)]
    return [row for row in rows if len(row.code) > len("140502")]
