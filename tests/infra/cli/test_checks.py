"""`yinling checks`: run by hand over some days, and read as they run."""

from click.testing import CliRunner

from infra.cli.checks import checks_group
from server.db.acts import Act, Face, acting
from server.homecare.checks.checks import CHECKS
from server.homecare.meal_checks.checks import CHECKS as MEAL_CHECKS
from server.subsidies.checks.checks import CHECKS as RUN_CHECKS
from tests.factories.people import make_resident
from tests.factories.street import Street
from tests.factories.subsidies import make_run


def run(*arguments):
    with acting(Act(Face.COMMAND, "yinling", "test", service=True)):
        return CliRunner().invoke(checks_group, arguments, catch_exceptions=False)


def lines(output):
    return [line.split()[0] for line in output.splitlines()[:-1]]


def test_what_does_not_fit_is_put_down_once(session):
    Street(session).proved(minutes=20)
    session.commit()

    first, second = run("homecare"), run("homecare")

    assert lines(first.output).count("1") == 2  # too short, and written down afterwards
    assert set(lines(second.output)) == {"0"}


def test_days_are_chosen(session):
    street = Street(session)
    street.proved(minutes=20)
    session.commit()

    day = str(street.day.replace(year=2020))

    assert set(lines(run("homecare", "--from", day, "--to", day).output)) == {"0"}
    assert run("homecare", "--from", "2020-01-02", "--to", "2020-01-01").exit_code == 2


def test_every_check_can_be_read():
    for check in CHECKS:
        told = run("show", check.name).output
        assert "WITH proved AS (" in told
        assert told.startswith("-- ")
        assert f"-- {check.kind.value}" not in told


def test_every_check_of_meals_can_be_read():
    for check in MEAL_CHECKS:
        told = run("show", check.name).output
        assert "WITH eaten AS (" in told
        assert f"-- {check.kind.value}" not in told


def test_every_check_of_subsidies_can_be_read():
    for check in RUN_CHECKS:
        told = run("show", check.name).output
        assert "WITH due AS (" in told
        assert f"-- {check.kind.value}" not in told


def test_runs_are_held_against_the_records(session):
    elder = make_resident(session)
    given = make_run(session, [{"resident_id": elder.id}])
    session.commit()

    assert "1" in lines(run("subsidies", str(given.id)).output)
    assert set(lines(run("subsidies", str(given.id)).output)) == {"0"}
