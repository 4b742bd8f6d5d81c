"""From the total of the city to one line in four steps, as known on a day, each with its file."""

from datetime import UTC, date, datetime
from hashlib import sha256

import pytest
from sqlalchemy import update
from werkzeug.http import parse_options_header

from server import clock
from server.db.tables import table_of
from server.identity.models import Role
from server.policies.programmes.models import PolicyVersion
from server.subsidies.approvals.models import HeldFor, SubsidyHeldLine
from server.subsidies.checks.checks import CHECKS
from server.subsidies.checks.service import check_runs
from server.subsidies.models import Outcome, RunKind, RunStage, SubsidyRun
from tests.factories.eaten import Kitchen
from tests.factories.meal_runs import TABLET, make_meal_run
from tests.factories.meals import make_site
from tests.factories.people import make_resident
from tests.factories.subsidies import make_run, make_version, move_run
from tests.factories.subsidy_faults import IN_BED, Plants

YEAR = "since=2026-01"
PROGRAMME = "/subsidies/audit/programmes/facility_operation"


@pytest.fixture
def auditor(sit_down):
    return sit_down(Role.AUDITOR, division_code="1405")


@pytest.fixture
def home(session):
    return make_site(session, name="金匠街道养老院")


@pytest.fixture
def run(session, home):
    """Two lines of a home, one of them for somebody who had died."""
    plants = Plants(session)
    dead = make_resident(session)
    plants.lay(dead, date(2026, 1, 1), date(2026, 1, 20))
    plants.died(dead, date(2025, 12, 20))
    lines = [{"resident_id": dead.id, "site_id": home.id, "facts": IN_BED, "subject": "stay:77"},
             {"site_id": home.id, "amount_fen": 12345}]  # fmt: skip
    return make_run(session, lines, computed_at=None)


def known(session, run, **instants):
    session.execute(update(table_of(SubsidyRun)).where(table_of(SubsidyRun).c.id == run.id)
                    .values(**instants))  # fmt: skip


def at(day):
    return datetime(2026, 3, day, 4, tzinfo=UTC)


def test_from_the_total_to_the_trail_in_five_steps(session, auditor, run, home):
    check_runs(session, [run.id])

    desk = auditor.get(f"/subsidies/audit?{YEAR}")
    assert "423.45" in desk.text
    step = f"{PROGRAMME}?month=2026-01&amp;{YEAR}"
    assert step in desk.text

    by_site = auditor.get(f"{PROGRAMME}?month=2026-01&{YEAR}")
    assert f"{PROGRAMME}/sites/{home.id}?{YEAR}&amp;month=2026-01" in by_site.text

    lines = auditor.get(f"{PROGRAMME}/sites/{home.id}?{YEAR}&month=2026-01")
    assert f"/subsidies/audit/runs/{run.id}/lines/1" in lines.text

    line = auditor.get(f"/subsidies/audit/runs/{run.id}/lines/1")
    assert "鲁民〔2021〕21号 补贴标准" in line.text
    assert "离世后仍发补贴" in line.text
    assert "/trail?table=stay&amp;key=77" in line.text
    assert auditor.get(f"/trail?table=subsidy_run&key={run.id}").status_code == 200


def test_a_line_that_is_not_there_is_not_found(auditor, run):
    assert auditor.get(f"/subsidies/audit/runs/{run.id}/lines/9").status_code == 404


def test_as_it_was_known_on_a_day(session, auditor, run):
    known(session, run, computed_at=at(10))
    known(session, run, stage=RunStage.DISCARDED, discarded_at=at(20), discarded_by=run.made_by)

    def total(day):
        return "423.45" in auditor.get(f"/subsidies/audit?{YEAR}&known=2026-03-{day:02d}").text

    assert [total(day) for day in (9, 10, 19, 20)] == [False, True, True, False]
    assert "423.45" not in auditor.get(f"/subsidies/audit?{YEAR}").text


def test_a_line_as_it_was_known_on_a_day(session, auditor, run, home):
    """Before its run, before its correction, before what was found today, and after all of it."""
    check_runs(session, [run.id])
    version = session.get(PolicyVersion, run.version_id)
    given = {"site_id": home.id, "amount_fen": -30000, "of_run_id": run.id, "of_number": 1}
    back = make_run(session, [given], version=version, kind=RunKind.DIFFERENCE, of_run_id=run.id)
    known(session, run, computed_at=at(10))
    known(session, back, computed_at=at(15))

    def seen(day):
        page = auditor.get(f"/subsidies/audit/runs/{run.id}/lines/1?known={day}").text
        return "尚未核算" not in page, f"{back.id}-1</a>" in page, "离世后仍发补贴" in page

    days = (date(2026, 3, 9), date(2026, 3, 12), date(2026, 3, 16), clock.today())
    assert [seen(day) for day in days] == [
        (False, False, False), (True, False, False), (True, True, False), (True, True, True),
    ]  # fmt: skip


def test_bed_records_as_they_were_known(session, auditor, run):
    page = f"/subsidies/audit/runs/{run.id}/lines/1"

    assert "2026-01-20" in auditor.get(page).text  # recorded at the end of the stay
    assert "床位记录" not in auditor.get(f"{page}?known=2026-01-02").text


@pytest.mark.parametrize(
    "page",
    [
        "/subsidies/audit",
        PROGRAMME,
        PROGRAMME + "/sites/{site}",
        "/subsidies/audit/checks",
        "/subsidies/audit/runs/{run}/lines/1",
    ],
)
def test_every_view_has_a_file_whose_name_is_its_digest(auditor, run, home, page):
    page = page.format(site=home.id, run=run.id)
    for ending in ("csv", "xlsx"):
        answer = auditor.get(f"{page}/export.{ending}")
        assert answer.status_code == 200
        _, told = parse_options_header(answer.headers["Content-Disposition"])
        assert sha256(answer.data).hexdigest() in told["filename"]


def hold_out(session, run, *, on_day):
    move_run(session, run, RunStage.IN_NOTICE)
    session.add(
        SubsidyHeldLine(
            run_id=run.id, number=2, held_for=HeldFor.OBJECTION, words="待核", held_at=at(on_day)
        )
    )
    session.flush()


def test_what_is_held_out_stands_beside_the_total(session, auditor, run):
    assert "123.45" not in auditor.get(f"/subsidies/audit?{YEAR}").text
    hold_out(session, run, on_day=12)

    desk = auditor.get(f"/subsidies/audit?{YEAR}").text
    assert "423.45" in desk
    assert "123.45（1 笔）" in desk
    assert "其中已剔除 1 笔，123.45 元" in auditor.get(f"{PROGRAMME}?{YEAR}").text
    assert "其中已剔除" not in auditor.get(f"{PROGRAMME}?{YEAR}&month=2026-02").text
    assert "123.45" in auditor.get(f"/subsidies/audit/export.csv?{YEAR}").text


def test_what_was_held_out_later_was_not_known(session, auditor, run):
    known(session, run, computed_at=at(10))
    hold_out(session, run, on_day=12)

    def is_told(day):
        return "（1 笔）" in auditor.get(f"/subsidies/audit?{YEAR}&known=2026-03-{day}").text

    assert [is_told(day) for day in (11, 12)] == [False, True]


def test_lines_name_whom_they_are_about(session, auditor, home):
    elder = make_resident(session, name="裴素芬")
    run = make_run(session, [{"resident_id": elder.id, "site_id": home.id, "subject": "stay:77"}])

    lines = auditor.get(f"{PROGRAMME}/sites/{home.id}?{YEAR}").text
    line = auditor.get(f"/subsidies/audit/runs/{run.id}/lines/1").text

    for page in (lines, line):
        assert "裴**" in page
        assert "裴素芬" not in page
    assert "入住 · 编号 77" in line
    assert "stay:77" not in line


def test_a_line_that_came_to_nothing_says_why_in_words(session, auditor, home):
    line = {"site_id": home.id, "outcome": Outcome.REFUSED, "amount_fen": 0,
            "trace": {"reasons": ["factors.star"]}}  # fmt: skip
    run = make_run(session, [line])

    page = auditor.get(f"/subsidies/audit/runs/{run.id}/lines/1").text

    assert "系数“等级系数”中没有适用的行" in page
    assert "factors.star" not in page


def test_checks_with_what_they_found(session, auditor, run):
    check_runs(session, [run.id])

    shown = auditor.get("/subsidies/audit/checks").text
    assert shown.count("<tr>") == 1 + len(CHECKS)
    assert "300.00" in shown
    assert "数据比对第 1 项；公开审计案例第 8 例" in shown
    assert "domain.md" not in shown
    assert "domain.md" not in auditor.get("/subsidies/audit/checks/export.csv").text


@pytest.mark.parametrize(
    "page", ["/subsidies/audit", PROGRAMME, PROGRAMME + "/sites/{site}", "/subsidies/audit/checks"]
)
def test_filters_that_nobody_knows_are_refused(auditor, page, home):
    page = page.format(site=home.id)
    assert auditor.get(f"{page}?colour=red").status_code in (400, 422)


def test_nobody_else_sits_at_this_desk(sit_down, run):
    county = sit_down(Role.COUNTY_OFFICER, division_code="140502")

    assert county.get("/subsidies/audit").status_code == 403
    assert county.get(f"/subsidies/audit/runs/{run.id}/lines/1").status_code == 403


def test_statements_do_not_grow_with_rows(session, auditor, run, home, statements):
    pages = [
        f"/subsidies/audit?{YEAR}",
        f"{PROGRAMME}?{YEAR}",
        f"{PROGRAMME}/sites/{home.id}?{YEAR}",
    ]
    few = [_count(auditor, page, statements) for page in pages]
    version = make_version(session)
    session.flush()
    make_run(session, [{"site_id": home.id}, {}, {}, {}], version=version)

    assert [_count(auditor, page, statements) for page in pages] == few


def _count(auditor, page, statements):
    with statements() as sent:
        auditor.get(page)
    return len(sent)


class TestEvidence:
    """A meal's line opens to its meals, and a meal to its collection at the counter."""

    @pytest.fixture
    def meals(self, session):
        return make_meal_run(session)

    def test_from_the_line_to_the_collection_record(self, auditor, meals):
        run, _kitchen, meal = meals
        line = auditor.get(f"/subsidies/audit/runs/{run.id}/lines/1")
        step = f"/subsidies/audit/runs/{run.id}/lines/1/meals/{meal.id}"
        assert step in line.text

        record = auditor.get(step).text
        for told in (meal.code, TABLET, "扫码", "王主任", f"tablet-a3-{meal.id:06d}", "赵**"):
            assert told in record
        assert "/trail?table=meal_collection&amp;key=" in record

    def test_a_meal_of_another_line_is_not_found(self, session, auditor, meals, run):
        meal_run, _kitchen, meal = meals
        other = Kitchen(session).eaten()

        for where in ((meal_run.id, other.id), (run.id, meal.id), (meal_run.id, 9_999_999)):
            page = "/subsidies/audit/runs/{}/lines/1/meals/{}".format(*where)
            assert auditor.get(page).status_code == 404

    def test_the_evidence_is_a_file_too(self, auditor, meals):
        run, _kitchen, meal = meals
        answer = auditor.get(f"/subsidies/audit/runs/{run.id}/lines/1/evidence/export.csv")

        assert str(meal.id) in answer.text
        _, told = parse_options_header(answer.headers["Content-Disposition"])
        assert sha256(answer.data).hexdigest() in told["filename"]

    def test_a_page_further_on(self, auditor, meals):
        run, _kitchen, _meal = meals
        page = f"/subsidies/audit/runs/{run.id}/lines/1"
        assert auditor.get(f"{page}?start=2").text.count("/lines/1/meals/") == 1
        assert auditor.get(f"{page}?start=-1").status_code in (400, 422)

    def test_statements_do_not_grow_with_the_evidence(self, session, auditor, meals, statements):
        run, _kitchen, _meal = meals
        page = f"/subsidies/audit/runs/{run.id}/lines/1"
        assert _count(auditor, page, statements) == _count(auditor, f"{page}?start=2", statements)
