"""`yinling subsidies`: a run from its start to its lines in sentences, and `audit recompute`."""

from datetime import date

import pytest
from click.testing import CliRunner

from infra.cli import audit as audit_command
from infra.cli.subsidies import subsidies_group
from server.db.acts import Act, Face, acting
from server.subsidies.reckoning import gathering, service
from tests.admin.subsidy_differences.conftest import dies, elder, make_home
from tests.factories.differences import reckoned_run
from tests.factories.meals import make_site
from tests.factories.reckoning import FULL, make_cases
from tests.factories.subsidies import make_version


@pytest.fixture
def begun(session):
    """A run whose cases are frozen and of which nothing is reckoned."""
    site = make_site(session, name="康乐养老院")
    cases = [{"site_id": site.id}, {"site_id": site.id, "facts": FULL | {"stars": 0}}]
    run = make_cases(session, cases)
    session.commit()
    return run


def run(*arguments):
    with acting(Act(Face.COMMAND, "yinling", "test", service=True)):
        return CliRunner().invoke(subsidies_group, list(map(str, arguments)))


def test_a_run_that_was_cut_short_is_gone_on_with(begun):
    told = run("resume").output

    assert "已核算" in told
    assert "300.00" in told
    assert "没有未完成的核算。" in run("resume").output


def test_a_run_is_begun_and_reckoned(session, monkeypatch):
    make_version(session)
    session.commit()
    monkeypatch.setattr(service, "require_source", lambda session, source: source)
    monkeypatch.setattr(service, "freeze_cases", lambda session, run, programme: 0)

    told = run("run", "facility_operation", "--month", "2026-01", "--division", "1405")

    assert told.exit_code == 0, told.output
    assert "养老机构运营补贴  2026-01  1405  已核算" in told.output
    assert gathering.freeze_cases is not service.freeze_cases


def test_runs_are_listed_and_shown_with_their_digests(begun):
    run("resume", begun.id)

    assert "共 1 次核算。" in run("list", "--programme", "facility_operation").output
    assert "共 0 次核算。" in run("list", "--month", "2026-02").output
    shown = run("show", begun.id).output
    assert "lines_digest" in shown
    assert bytes.fromhex(shown.split("lines_digest")[1].split()[0])


def test_a_line_is_explained(begun):
    run("resume", begun.id)

    assert "康乐养老院  2026-01  应发  300.00 元" in run("explain", begun.id, 1).output
    assert "系数“等级系数”中没有适用的行" in run("explain", begun.id, 2).output
    assert "没有这一行。" in run("explain", begun.id, 9).output


def test_a_trial_says_who_gains(begun):
    run("resume", begun.id)

    told = run("trial", begun.id, "--set", "amounts.by_ability.1.fen=40000").output

    assert "增加          1            100.00" in told
    assert "300.00 → 400.00" in told
    assert "请写明位置和数字" in run("trial", begun.id, "--set", "caps=much").output


def test_a_run_is_let_go_with_a_reason(begun):
    assert run("discard", begun.id).exit_code == 2
    assert "核算已作废。" in run("discard", begun.id, "--reason", "数据有误").output
    assert "已作废" in run("list").output


@pytest.mark.parametrize("command", [("show", 99), ("resume", 99), ("explain", 99, 1)])
def test_a_run_that_is_not_there_is_named(session, command):
    answer = run(*command)

    assert answer.exit_code == 2
    assert "没有这" in answer.output


class Surroundings:
    """A platform whose work is the test's own."""

    def working(self, action):
        return acting(Act(Face.COMMAND, action, "test", service=True))


def test_a_run_is_derived_anew(begun):
    run("resume", begun.id)

    answer = CliRunner().invoke(
        audit_command.audit_group, ["recompute", str(begun.id)], obj=Surroundings()
    )

    assert answer.exit_code == 0, answer.output
    assert "2 行，合计 300.00 元" in answer.output
    assert "全部与核算时一致。" in answer.output


def test_what_is_to_be_put_right_is_looked_for_told_and_put_right(session):
    home = make_home(session, name="康乐养老院")
    one = elder(session, home)
    made = reckoned_run(session, make_version(session), months=2)
    dies(session, one, date(2026, 1, 10))
    session.commit()

    assert "共 0 条待更正。" in run("differences").output
    told = run("differences", "--look").output
    assert "600.00" in told
    assert "共 2 条待更正。" in told
    assert run("differences", "--start").exit_code == 2
    assert "−600.00" in run("differences", made.id, "--start").output
    assert "共 0 条待更正。" in run("differences", made.id, "--look").output
