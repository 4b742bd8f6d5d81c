from pathlib import Path

import pytest

from server.places import national
from server.places.rules import Gazetteer
from server.providers.importing import MAPPING, understand_facilities

FAULTY = Path(__file__).parents[2] / "data" / "facilities_faulty.csv"


@pytest.fixture
def gazetteer_for():
    """The names of a city as a city has them that was just set up: counties, and no towns."""

    def make(city_code):
        cities = national.cities_by_name().items()
        return Gazetteer(
            city_code=city_code,
            city_names=[name for name, codes in cities if city_code in codes],
            counties={row.code: row.name for row in national.counties_of(city_code)[1:]},
            towns={},
            nicknames=national.nicknames_of(city_code),
        )

    return make


@pytest.fixture
def understand(gazetteer_for):
    """A list of facilities, understood for a city."""

    def understand(path=FAULTY, city_code="1405", mapping_path=MAPPING):
        return understand_facilities(
            path, gazetteer=gazetteer_for(city_code), mapping_path=mapping_path
        )

    return understand
