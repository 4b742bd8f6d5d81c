import csv
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from infra.cli.imports import import_group
from server.db.acts import Act, Face, acting
from server.db.cities import in_city
from server.db.engines import make_owner_engine
from server.db.sessions import transaction
from server.i18n.catalogues import LANGUAGES, catalogue, in_language
from server.migrations.run import migrate
from server.places.loading import load_counties
from server.settings import settings
from tests.cities import CITY, CONTEXT_KEY

ROOT = Path(__file__).parents[3]
FAULTY = ROOT / "tests" / "data" / "facilities_faulty.csv"
REAL = ROOT.parent / "shared" / "data" / "facilities_real.csv"
DIVISIONS = ROOT / "server" / "places" / "data" / "1405.csv"
NANJING = "3201"
PLATFORM = Act(Face.COMMAND, "tests", "test", service=True)


@pytest.fixture(autouse=True)
def var(tmp_path, monkeypatch):
    """The process keeps its files in a folder of the test's own."""
    monkeypatch.setenv("YINLING_VAR", str(tmp_path / "var"))
    settings.cache_clear()
    yield tmp_path / "var"
    settings.cache_clear()


@pytest.fixture
def city(connection):
    """The tests' city, with all of its counties."""
    with acting(PLATFORM), transaction() as session:
        load_counties(session, CITY)


def run(*words, language="en"):
    with in_language(language):
        return CliRunner().invoke(import_group, [str(word) for word in words])


def counts_of(output):
    """The lines of counts below the table of findings: label → number."""
    lines = re.findall(r"^(\S[^│┃\n]*?) {2,}([\d,]+) *$", output, flags=re.MULTILINE)
    return {label: int(number.replace(",", "")) for label, number in lines}


def count_sites():
    with acting(PLATFORM), transaction() as session:
        return session.connection().execute(text("SELECT count(*) FROM site")).scalar_one()


def test_good_rows_go_in_and_everything_else_is_said(city, var):
    result = run("facilities", FAULTY)

    assert result.exit_code == 0, result.output
    assert counts_of(result.output) == {
        "Rows in the file": 22,
        "Rows of this city": 17,
        "Rows of other cities": 1,
        "Rows whose city is unclear": 1,
        "Torn rows": 3,
        "Good rows": 10,
        "Repeated rows": 1,
        "Rows to be mended": 10,
        "Good rows with their county found": 7,
        "New": 10,
        "Changed": 0,
        "Unchanged": 0,
    }
    assert "火星" in result.output
    assert "no city of this name is known" in result.output
    assert "<b>和顺</b>老年公寓" not in result.output
    assert count_sites() == 10


def test_running_it_again_changes_nothing_and_says_so(city):
    run("facilities", FAULTY)

    result = run("facilities", FAULTY)

    counts = counts_of(result.output)
    assert (counts["New"], counts["Changed"], counts["Unchanged"]) == (0, 0, 10)
    assert "Nothing has changed" in result.output


def test_a_dry_run_writes_nothing_at_all(city, var):
    result = run("facilities", FAULTY, "--dry-run")

    assert result.exit_code == 0
    assert "A dry run: nothing was written." in result.output
    assert "New" not in counts_of(result.output)
    assert count_sites() == 0
    assert not var.exists()


def test_rows_that_stayed_outside_are_in_the_reject_file(city, var):
    run("facilities", FAULTY)

    path = var / "rejects" / f"facilities_faulty-{CITY}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["Row"] for row in rows] == [
        "11", "12", "13", "14", "15", "17", "19", "20", "21", "23",
    ]  # fmt: skip
    assert rows[1]["名称"] == "'=HYPERLINK(0)养老院"
    assert rows[1]["Reason"] == "床位: not a whole number"


def test_the_reject_file_can_be_put_elsewhere(city, tmp_path, var):
    run("facilities", FAULTY, "--rejects", tmp_path / "mend" / "these.csv")

    assert (tmp_path / "mend" / "these.csv").exists()
    assert not var.exists()


def test_a_reject_file_that_cannot_be_written_is_said_in_a_sentence(city, tmp_path):
    (tmp_path / "file").write_text("")

    result = run("facilities", FAULTY, "--rejects", tmp_path / "file" / "these.csv")

    assert result.exit_code == 2
    assert "could not be written" in result.output


@pytest.mark.parametrize("words", [["--strict"], ["--strict", "--dry-run"]])
def test_strict_ends_with_1_when_rows_stayed_outside(city, words):
    assert run("facilities", FAULTY, *words).exit_code == 1


def test_strict_ends_with_0_when_there_are_only_warnings(city, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("城市,名称,性质,地址\n晋城,晨光养老院,合作办,晨光路1号\n", encoding="utf-8")

    result = run("facilities", path, "--strict")

    assert result.exit_code == 0
    assert counts_of(result.output)["New"] == 1


def test_it_speaks_chinese_too(city):
    result = run("facilities", FAULTY, language="zh-CN")

    assert counts_of(result.output)["本市的行"] == 17
    assert "不是规定用词，只保留原词" in result.output
    assert not re.search(r"\b(row|county|value)\b", result.output)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("nothing.csv", None, "cannot be opened"),
        ("empty.csv", "", "cannot be opened"),
        ("other.csv", "a,b\n1,2\n", "城市、名称、地址"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(
    city, tmp_path, name, content, sentence
):
    if content is not None:
        (tmp_path / name).write_text(content)

    result = run("facilities", tmp_path / name)

    assert result.exit_code == 2
    assert sentence in result.output


def test_a_mapping_that_cannot_be_used_is_refused_with_what_is_wrong(city, tmp_path):
    (tmp_path / "mapping.yaml").write_text("columns: {name: {headings: []}}")

    result = run("facilities", FAULTY, "--mapping", tmp_path / "mapping.yaml")

    assert result.exit_code == 2
    assert "columns.name.headings" in result.output


def test_a_city_that_was_never_set_up_is_said_in_a_sentence(connection):
    with in_city("3705"):
        result = run("facilities", FAULTY)

    assert result.exit_code == 2
    assert "yinling city add 3705" in result.output


def test_divisions_go_in_once(city):
    first = counts_of(run("divisions", DIVISIONS).output)
    second = run("divisions", DIVISIONS)

    assert (first["Rows of this city"], first["Good rows"]) == (1813, 1813)
    assert counts_of(second.output)["Unchanged"] == 1813
    assert "Nothing has changed" in second.output


@pytest.fixture
def second_city(own_city):
    """A real city beside the tests' own, in a database that goes again afterwards."""
    owner = make_owner_engine(own_city.owner_url)
    migrate(owner, NANJING, context_key=CONTEXT_KEY)
    owner.dispose()


@pytest.fixture
def nanjing(second_city):
    with in_city(NANJING):
        with acting(PLATFORM), transaction() as session:
            load_counties(session, NANJING)
        yield


@pytest.mark.skipif(not REAL.exists(), reason="../shared/data/facilities_real.csv is not here")
def test_the_real_list_goes_into_its_real_city_once(nanjing, var):
    first = counts_of(run("facilities", REAL).output)
    second = counts_of(run("facilities", REAL).output)

    assert first == {
        "Rows in the file": 264,
        "Rows of this city": 39,
        "Rows of other cities": 224,
        "Rows whose city is unclear": 0,
        "Torn rows": 1,
        "Good rows": 39,
        "Repeated rows": 0,
        "Rows to be mended": 1,
        "Good rows with their county found": 22,
        "New": 39,
        "Changed": 0,
        "Unchanged": 0,
    }
    assert second == first | {"New": 0, "Unchanged": 39}
    assert count_sites() == 39
    assert (var / "rejects" / "facilities_real-3201.csv").exists()


def test_every_reason_has_a_sentence_in_both_languages():
    folders = ("intake", "places", "providers", "residents")
    source = "\n".join(
        path.read_text("utf-8")
        for folder in folders
        for path in sorted((ROOT / "server" / folder).rglob("*.py"))
    )
    codes = set(re.findall(r'\b(?:notice|warning|error|reject)\("([a-z-]+)"', source))
    codes |= set(re.findall(r'Said\.\w+: "([a-z-]+)"', source))

    assert len(codes) > 30
    for language in LANGUAGES:
        missing = {code for code in codes if f"finding\x04{code}" not in catalogue(language, "cli")}
        assert missing == set()
