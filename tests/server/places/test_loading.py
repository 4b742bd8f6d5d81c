from sqlalchemy import text

from server.places.importing import understand_divisions
from server.places.loading import Written, gazetteer_of, known_codes, load_counties, load_divisions
from server.places.national import FOLDER, DivisionRow
from tests.cities import CITY

VILLAGE = DivisionRow("140502001077", "新社区'; DROP TABLE division; --", "village", "140502001")


def test_new_divisions_are_added_and_a_second_load_changes_nothing(session):
    assert load_divisions(session, [VILLAGE]) == Written(new=1, changed=0, unchanged=0)
    assert load_divisions(session, [VILLAGE]) == Written(new=0, changed=0, unchanged=1)


def test_a_new_name_is_a_change_of_the_same_division(session):
    load_divisions(session, [VILLAGE])

    written = load_divisions(session, [VILLAGE._replace(name="老社区")])

    names = session.connection().execute(
        text("SELECT name FROM division WHERE code = :code"), {"code": VILLAGE.code}
    )
    assert written == Written(new=0, changed=1, unchanged=0)
    assert names.scalars().all() == ["老社区"]


def test_the_whole_of_the_city_goes_in_whatever_the_order_of_its_rows(session):
    understood = understand_divisions(
        FOLDER / "1405.csv", city_code=CITY, known_codes=known_codes(session)
    )

    written = load_divisions(session, reversed(understood.divisions))

    assert written.new + written.changed + written.unchanged == 1813
    assert len(known_codes(session)) >= 1813


def test_a_city_and_its_counties_come_from_the_national_list(session):
    load_counties(session, CITY)

    assert {"1405", "140502", "140581"} <= known_codes(session)


def test_names_for_addresses_are_those_of_the_city_s_own_divisions(session):
    load_counties(session, CITY)

    gazetteer = gazetteer_of(session, CITY)

    assert list(gazetteer.city_names) == ["晋城市", "晋城"]
    assert gazetteer.counties["140581"] == "高平市"
    assert gazetteer.towns["140521100"] == "龙港镇"
