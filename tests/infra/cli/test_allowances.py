"""`yinling allowances`: packs prove themselves, a month is explained, months are reckoned."""

import time_machine
from click.testing import CliRunner

from infra.cli.allowances import allowances_group
from server.caregivers.allowances.packs import list_packs
from server.db.acts import Act, Face, acting
from tests.factories.allowances import IN_JULY, make_complete


def run(*arguments):
    with acting(Act(Face.COMMAND, "yinling", "test", service=True)):
        return CliRunner().invoke(allowances_group, arguments)


def test_every_pack_proves_itself():
    told = run("check")

    assert told.exit_code == 0
    assert len(told.output.splitlines()) == len(list_packs())


def test_a_pack_that_is_not_there_is_named():
    told = run("check", "caregivers-nowhere")

    assert told.exit_code == 2
    assert "caregivers-zhejiang" in told.output


def test_a_month_is_explained_with_every_clause(session):
    with time_machine.travel(IN_JULY):
        caregiver = make_complete(session)
        session.commit()
        told = run("explain", str(caregiver.id), "2026-06").output

    assert "岗位津贴  2026-06  符合  500.00" in told
    assert "当月出勤 22 天，达到 20 天；杭州市养老护理员特殊岗位津贴" in told
    assert "一次性入职奖励  第 3 期  未到期" in told


def test_nobody_is_explained_who_is_not_there(session):
    assert run("explain", "999999", "2026-06").exit_code == 2


def test_months_are_reckoned_by_hand(session):
    with time_machine.travel(IN_JULY):
        make_complete(session)
        session.commit()

        assert "有 4 项" in run("reckon", "--month", "2026-06").output
        assert "有 0 项" in run("reckon", "--month", "2026-06").output
