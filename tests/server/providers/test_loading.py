import pytest
from sqlalchemy import text

from server.places.loading import load_counties
from server.providers.loading import Written, load_sites
from tests.cities import CITY

FIELDS = {"name", "address", "ownership", "ownership_as_given", "beds_declared", "features"}


@pytest.fixture
def sites(session, understand):
    load_counties(session, CITY)
    return understand().sites


def rows(session, columns="name"):
    answer = session.connection().execute(
        text(f"SELECT {columns} FROM site WHERE source_name = 'facilities_faulty.csv' ORDER BY id")
    )
    return [tuple(row) for row in answer]


def test_sites_go_in_as_they_were_understood(session, sites):
    written = load_sites(session, sites, fields=FIELDS)

    assert written == Written(new=10, changed=0, unchanged=0)
    columns = "name, division_code, beds_declared, monthly_price_from_fen, features, opening_state"
    assert rows(session, columns)[0] == (
        "晨光养老院", "140502", 300, 450_000, ["医养结合", "康复护理"], "open",
    )  # fmt: skip
    assert ("'; DROP TABLE site; --颐养院",) in rows(session)
    assert ("𠮷祥👩‍🦳颐养中心",) in rows(session)


def test_a_second_load_touches_no_row(session, sites):
    load_sites(session, sites, fields=FIELDS)
    before = rows(session, "id, ctid")

    written = load_sites(session, sites, fields=FIELDS)

    assert written == Written(new=0, changed=0, unchanged=10)
    assert rows(session, "id, ctid") == before


def test_only_what_the_list_says_is_changed(session, sites):
    load_sites(session, sites, fields=FIELDS)
    session.connection().execute(text("UPDATE site SET phone = '0356-1', opening_state = 'closed'"))

    written = load_sites(session, [sites[0] | {"beds_declared": 310}], fields=FIELDS)

    assert written == Written(new=0, changed=1, unchanged=0)
    assert rows(session, "beds_declared, phone, opening_state")[0] == (310, "0356-1", "closed")


def test_a_division_found_by_hand_is_not_lost_to_the_list(session, sites):
    load_sites(session, sites, fields=FIELDS)
    session.connection().execute(
        text(
            "UPDATE site SET division_code = '140502001' WHERE division_code IN ('140502', '1405')"
        )
    )

    written = load_sites(session, sites, fields=FIELDS)

    assert written.changed == 0
    assert {code for (code,) in rows(session, "division_code")} >= {"140502001", "140525"}


def test_nothing_to_write_is_no_error(session):
    assert load_sites(session, [], fields=FIELDS) == Written(new=0, changed=0, unchanged=0)
