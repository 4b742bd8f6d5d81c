"""The register leaves the house masked, marked and with a reason."""

import csv
import stat
from datetime import date

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from infra.cli import main
from infra.cli.imports import import_group
from server import clock
from server.db.acts import Act, Face, acting
from server.db.engines import make_engine
from server.db.sessions import session_factory, transaction
from server.i18n.catalogues import in_language
from server.residents.models import HardshipTier
from server.settings import settings
from tests.cities import CONTEXT_KEY, FIELD_KEYS, INDEX_KEY, VILLAGE
from tests.factories.people import an_id_number, make_hardship, make_resident

PLATFORM = Act(Face.COMMAND, "tests", "test", service=True)
BORN_ON = date(1944, 5, 6)
NUMBER = an_id_number(8, BORN_ON)


@pytest.fixture
def city(own_city, tmp_path, monkeypatch):
    """A city of the test's own with two residents, and a process that serves it."""
    with acting(PLATFORM), transaction() as session:
        resident = make_resident(
            session,
            name="李秀英",
            born_on=BORN_ON,
            id_number=NUMBER,
            phone="+8613812341234",
            address="建设路 3 号",
        )
        make_hardship(session, resident, HardshipTier.DIBAO, ends_on=date(2024, 1, 1))
        make_hardship(session, resident, HardshipTier.TEKUN, starts_on=date(2024, 1, 1))
        make_resident(session, name="=SUM(1)", id_number=None)
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


@pytest.fixture
def export(city, tmp_path):
    path = tmp_path / "residents.csv"

    def export(*words):
        command = ["export", "residents", "--to", str(path), *words]
        return CliRunner().invoke(main, command), path

    return export


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        *rows, mark = list(csv.reader(file))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]], mark


def ask(database, question):
    engine = make_engine(database.app_url)
    session_factory.configure(bind=engine)
    with acting(PLATFORM), transaction() as session:
        answer = session.connection().execute(text(question)).all()
    engine.dispose()
    return [tuple(row) for row in answer]


def test_nobody_can_be_made_out_unless_asked_for(export):
    result, path = export("--reason", "街道核对名册")

    assert result.exit_code == 0, result.output
    assert "2 rows are in" in result.output
    [row, other], _ = rows_of(path)
    assert row == {
        "Resident's number": row["Resident's number"],
        "Name": "李**",
        "Sex": "woman",
        "Born on": "1944",
        "ID number": f"1405{'*' * 10}{NUMBER[-4:]}",
        "Phone": "138****1234",
        "Village code": VILLAGE,
        "Village": "黄华街社区",
        "Address": "",
        "Hardship": "destitute, at home",
        "Hardship since": "2024-01-01",
        "Died on": "",
        "Moved away on": "",
    }
    assert (other["ID number"], other["Phone"], other["Hardship"]) == ("", "", "")
    content = path.read_text("utf-8-sig")
    for secret in ("李秀英", NUMBER, "12341234", "建设路"):
        assert secret not in content
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_last_line_says_whose_file_it_is(export, monkeypatch):
    monkeypatch.setenv("LOGNAME", "wang")

    _, path = export("--reason", "街道核对名册")

    _, [mark] = rows_of(path)
    assert mark.startswith(f"Exported by wang at {clock.today()}")
    assert "Reason: 街道核对名册. Rows: 2. Masked." in mark


def test_the_trail_and_the_log_keep_who_and_why(city, export):
    result, _ = export("--reason", "街道核对名册", "--unmasked")

    acts = ask(city, "SELECT face, reason FROM act WHERE action = 'yinling export residents'")
    assert acts == [("command", "街道核对名册")]
    [line] = [line for line in result.stderr.splitlines() if "exported residents" in line]
    assert "rows=2" in line or '"rows":2' in line
    assert "masked=False" in line or '"masked":false' in line
    assert "李秀英" not in result.stderr


@pytest.mark.parametrize("language", ["en_US.UTF-8", "zh_CN.UTF-8"])
def test_unmasked_it_is_read_back_by_an_import(city, export, monkeypatch, language):
    monkeypatch.setenv("LC_ALL", language)

    _, path = export("--reason", "迁移到新机器", "--unmasked")

    [row, _], [mark] = rows_of(path)
    assert list(row.values())[1:9] == [
        "李秀英",
        row.get("Sex", row.get("性别")),
        "1944-05-06",
        NUMBER,
        "'+8613812341234",
        VILLAGE,
        "黄华街社区",
        "建设路 3 号",
    ]
    assert mark.endswith(("Not masked: holds personal data in full.", "未脱敏：含完整个人信息。"))
    before = ask(city, "SELECT * FROM resident ORDER BY id")
    engine = make_engine(city.app_url)
    session_factory.configure(bind=engine)
    with in_language("en"):
        result = CliRunner().invoke(import_group, ["residents", str(path)])
    engine.dispose()
    assert "Nothing has changed" in result.output, result.output
    assert ask(city, "SELECT * FROM resident ORDER BY id") == before
    assert ask(city, "SELECT count(*) FROM hardship_period") == [(2,)]


@pytest.mark.parametrize(("words", "status"), [([], 2), (["--reason", " "], 1)])
def test_without_a_reason_nothing_leaves(export, words, status):
    result, path = export(*words, "--unmasked")

    assert (result.exit_code, path.exists()) == (status, False)
