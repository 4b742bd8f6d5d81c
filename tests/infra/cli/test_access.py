"""Who may do what, and where: a change of it is a change of the text beside this test."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from infra import access_matrix
from infra.cli import main
from server.identity import roles
from server.identity.models import Role

SNAPSHOT = Path(__file__).with_name("access_matrix.txt")


@pytest.fixture
def printed(monkeypatch):
    """What the command says, whatever this machine is configured for."""
    monkeypatch.setenv("YINLING_RATE_LIMITS", "0")
    result = CliRunner().invoke(main, ["access", "matrix"])
    assert result.exit_code == 0, result.output
    return result.output


def test_access_is_what_was_agreed(printed):
    """After a change that is meant: `yinling access matrix > tests/infra/cli/access_matrix.txt`."""
    assert printed == SNAPSHOT.read_text("utf-8")


def test_every_permission_and_every_role_is_named(printed):
    for permission in access_matrix._all_permissions():
        assert f"\n{permission}: " in f"\n{printed}"
    for role in Role:
        assert f"\n{role.value}: " in printed


def test_a_permission_given_away_shows(printed, monkeypatch):
    given = dict(roles.OF_AN_OFFICE) | {Role.CASHIER: {"audit.see-trail"}}
    monkeypatch.setattr(roles, "OF_AN_OFFICE", given)

    changed = set(access_matrix.matrix().splitlines()) - set(printed.splitlines())

    assert "cashier: audit.see-trail, identity.use-console" in changed


def test_every_route_stands_in_it_once(printed):
    lines = [line for line in printed.splitlines() if line.startswith("  ")]
    routes = [line for line in lines if access_matrix.NO_ROUTE not in line]

    assert len(routes) == len(set(routes)) > 40
    assert "  GET    /admin/trail" in routes


def test_it_starts_no_database(printed, tmp_path, monkeypatch):
    monkeypatch.setenv("YINLING_VAR", str(tmp_path / "var"))
    CliRunner().invoke(main, ["access", "matrix"])

    assert not (tmp_path / "var").exists()
