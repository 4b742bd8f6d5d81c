"""`yinling caregivers import`: the staff of a site or a county, all of the list or nobody."""

import csv

import pytest
from click.testing import CliRunner
from sqlmodel import select

from infra.cli.import_caregivers import caregivers_group
from server.caregivers.models import Caregiver, Employment
from server.settings import settings
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.meals import make_site
from tests.factories.people import an_id_number

HEADINGS = ("机构", "姓名", "身份证号", "手机号", "岗位", "入职日期")


@pytest.fixture(autouse=True)
def var(tmp_path, monkeypatch):
    monkeypatch.setenv("YINLING_VAR", str(tmp_path / "var"))
    settings.cache_clear()
    yield tmp_path / "var"
    settings.cache_clear()


@pytest.fixture
def home(session):
    return make_site(session, name="枫叶养老院")


@pytest.fixture
def write(tmp_path):
    """Write a list; each row names the cells it has."""

    def write(*rows):
        path = tmp_path / "list.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, HEADINGS)
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


@pytest.fixture
def run(session):
    """Run the import on what the session has made."""

    def run(*arguments):
        session.commit()
        told = CliRunner().invoke(caregivers_group, ["import", *map(str, arguments)])
        session.expire_all()
        return told

    return run


def row(number, **given):
    return {
        "机构": "枫叶养老院",
        "姓名": "孙一兰",
        "身份证号": an_id_number(number),
        "手机号": f"139{number:08d}",
        "岗位": "护理员",
        "入职日期": "2024-03-01",
    } | given


def names(session):
    return [one.name for one in session.exec(select(Caregiver).order_by(Caregiver.id))]


def test_everybody_of_a_site_is_taken_in_once(session, home, write, run):
    path = write(row(7601), row(7602, 姓名="赵二娥"))

    first, again = (run(path, "--site", home.id) for _ in range(2))

    assert (first.exit_code, again.exit_code) == (0, 0), first.output
    assert names(session) == ["孙一兰", "赵二娥"]
    assert {one.site_id for one in session.exec(select(Employment))} == {home.id}


def test_a_dry_run_writes_nothing(session, home, write, run):
    told = run(write(row(7603)), "--site", home.id, "--dry-run")

    assert told.exit_code == 0, told.output
    assert names(session) == []


def test_one_bad_row_keeps_everybody_out(session, home, write, run):
    path = write(row(7604), row(7605, 身份证号="140502194405060011"))

    told = run(path, "--site", home.id, "--strict")

    assert told.exit_code == 1
    assert names(session) == []
    assert "1405**********0011" in told.output
    assert "140502194405060011" not in told.output


def test_a_county_names_its_own_sites_alone(session, home, write, run):
    make_site(session, name="松柏养老院", division_code=OTHER_COUNTY_VILLAGE)
    county = home.division_code[:6]

    assert run(write(row(7606)), "--county", county).exit_code == 0
    told = run(write(row(7607, 机构="松柏养老院")), "--county", county, "--strict")

    assert told.exit_code == 1
    assert names(session) == ["孙一兰"]


@pytest.mark.parametrize("scope", [[], ["--site", "1", "--county", "140502"]])
def test_a_list_is_of_one_site_or_of_one_county(session, write, run, scope):
    told = run(write(row(7608)), *scope)

    assert told.exit_code == 2
    assert names(session) == []


def test_a_file_that_is_not_there_is_said(run, tmp_path):
    assert run(tmp_path / "nothing.csv", "--site", "1").exit_code == 2
