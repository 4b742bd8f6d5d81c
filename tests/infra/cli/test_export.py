"""Exported files open as tables, whoever wrote the words in them."""

import csv
import stat

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from sqlalchemy import text
from sqlmodel import select

from infra.cli import main
from infra.register_rows import REGISTER
from server.db import sessions
from server.db.acts import Act, Face, acting
from server.db.engines import make_engine
from server.db.sessions import transaction
from server.meals import service
from server.meals.models import BookedBy
from server.places.loading import gazetteer_of
from server.providers.importing import understand_facilities
from server.providers.loading import COLUMNS
from server.providers.models import FacilityKind, Ownership, Site
from server.settings import settings
from tests.cities import CITY, CONTEXT_KEY, FIELD_KEYS, INDEX_KEY
from tests.factories.meals import make_canteen, make_site, make_sitting
from tests.factories.people import make_resident

PLATFORM = Act(Face.COMMAND, "tests", "test", service=True)
FORMULA = '=HYPERLINK("http://example.com","老人")'


@pytest.fixture
def city(own_city, tmp_path, monkeypatch):
    """A city of the test's own with three sites and a booking, and a process that serves it."""
    with acting(PLATFORM), transaction() as session:
        make_site(
            session,
            name="城区夕阳红养老院",
            address="晋城市城区建设路 1 号",
            ownership=Ownership.PUBLIC,
            is_inclusive=True,
            beds_declared=120,
            monthly_price_from_fen=180050,
            features=["医养结合", "失能照护"],
        )
        make_site(
            session, name=FORMULA, address="晋城市城区泽州路 2 号", ownership_as_given="合作办"
        )
        book(session)
    values = {
        "DATABASE_URL": own_city.app_url,
        "DATABASE_OWNER_URL": own_city.owner_url,
        "YINLING_VAR": str(tmp_path / "var"),
        "YINLING_FIELD_KEYS": FIELD_KEYS,
        "YINLING_INDEX_KEY": INDEX_KEY,
        "YINLING_CONTEXT_KEY": CONTEXT_KEY,
        "LC_ALL": "en_US.UTF-8",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    yield own_city
    settings.cache_clear()


def book(session):
    canteen = make_canteen(session, name="建设路食堂")
    resident = make_resident(session, name="李秀英", phone="13900000001")
    sitting = make_sitting(session, canteen)
    return service.book_meal(
        session, sitting_id=sitting.id, resident_id=resident.id, booked_by=BookedBy.STAFF
    )


def export(*words):
    return CliRunner().invoke(main, ["export", *map(str, words)])


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def ask(database, question):
    engine = make_engine(database.app_url)
    sessions.session_factory.configure(bind=engine)
    with acting(PLATFORM), transaction() as session:
        answer = session.connection().execute(text(question)).all()
    engine.dispose()
    return answer


def test_an_import_reads_back_the_exported_sites(city, tmp_path):
    path = tmp_path / "sites.csv"

    result = export("sites", "--to", path)

    assert result.exit_code == 0, result.output
    assert "3 rows are in" in result.output
    engine = make_engine(city.app_url)
    sessions.session_factory.configure(bind=engine)
    with acting(PLATFORM), transaction(writes=False) as session:
        understood = understand_facilities(
            path, gazetteer=gazetteer_of(session, CITY), mapping_path=REGISTER
        )
        kept = {site.name: site for site in session.exec(select(Site))}
    engine.dispose()
    assert understood.checked.rejected_rows == []
    assert {site["kind"] for site in understood.sites} == {
        FacilityKind.CARE_HOME,
        FacilityKind.CANTEEN,
    }
    ours = set(COLUMNS) - {"source_name", "source_key", "division_code", "ownership_as_given"}
    for site in understood.sites:
        assert {name: site[name] for name in ours} == {
            name: getattr(kept[site["name"]], name) for name in ours
        }


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_strangers_wrote_stays_words(ending, city, tmp_path):
    path = tmp_path / f"sites.{ending}"

    export("sites", "--to", path)

    if ending == "csv":
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        assert [row["名称"] for row in rows_of(path)][1] == f"'{FORMULA}"
    else:
        book = load_workbook(path)
        cells = [cell for row in book.active.iter_rows() for cell in row]
        assert f"'{FORMULA}" in [cell.value for cell in cells]
        assert "f" not in {cell.data_type for cell in cells}
        book.close()


def test_bookings_mask_names_and_show_the_whole_split(city, tmp_path):
    path = tmp_path / "bookings.csv"

    result = export("bookings", "--to", path)

    assert result.exit_code == 0, result.output
    [row] = rows_of(path)
    assert (row["Resident"], row["Canteen"], row["Meal"]) == ("李**", "建设路食堂", "Lunch")
    parts = [name for name in row if "(yuan)" in name and not name.startswith("List")]
    assert sum(float(row[name]) for name in parts) == float(row["List price (yuan)"]) == 12
    assert "李秀英" not in path.read_text(encoding="utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_full_names_need_a_reason_and_the_trail_keeps_it(city, tmp_path):
    path = tmp_path / "bookings.csv"

    export("bookings", "--to", path, "--reason", "核对十一月补贴")

    assert rows_of(path)[0]["Resident"] == "李秀英"
    acts = ask(city, "SELECT face, reason FROM act WHERE action = 'yinling export bookings'")
    assert [tuple(act) for act in acts] == [("command", "核对十一月补贴")]


def test_an_empty_reason_is_none(city, tmp_path):
    result = export("bookings", "--to", tmp_path / "bookings.csv", "--reason", " ")

    assert result.exit_code == 1
    assert list(tmp_path.glob("bookings*")) == []


def test_a_file_is_overwritten_only_when_asked(city, tmp_path):
    path = tmp_path / "sites.csv"
    path.write_text("precious")

    refused = export("sites", "--to", path)

    assert (refused.exit_code, path.read_text()) == (1, "precious")
    assert "--force" in refused.output
    assert export("sites", "--to", path, "--force").exit_code == 0
    assert len(rows_of(path)) == 3


def test_an_ending_nobody_knows_is_refused(city, tmp_path):
    result = export("sites", "--to", tmp_path / "sites.pdf")

    assert result.exit_code == 1
    assert "must end in .csv or .xlsx" in result.output
