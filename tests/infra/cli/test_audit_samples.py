"""`yinling audit sample`: bound, drawn, shown and verified from the command line."""

from click.testing import CliRunner

from infra.cli.audit_samples import sample_group
from server.db.acts import Act, Face, acting
from tests.factories.subsidies import make_run

SEED = "太行山上的雪"


def run(*arguments):
    with acting(Act(Face.COMMAND, "yinling", "test", service=True)):
        return CliRunner().invoke(sample_group, arguments, catch_exceptions=False)


def test_from_the_seed_to_the_verification(session):
    given = make_run(session, [{"amount_fen": 100 * number} for number in range(1, 10)])
    session.commit()

    bound = run("bind", str(given.id), "--seed", SEED, "--size", "4")
    number = bound.output.split("抽样")[1].split("，")[0]
    assert "SHA-256" in bound.output
    assert run("verify", number).exit_code == 1

    drawn = run("draw", number, "--seed", SEED)
    assert "9条中抽4条" in drawn.output
    assert run("show", number).output == drawn.output
    assert run("verify", number).exit_code == 0
