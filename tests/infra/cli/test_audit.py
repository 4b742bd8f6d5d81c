"""`yinling audit`, as an operator calls it: sealed, verified, told, and told what is wrong."""

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text

from infra.cli import main
from infra.cli.audit import _broken
from server import clock
from server.audit.anchors import append_anchor, file_of, read_anchors
from server.audit.rules import Anchor, Break, BreakKind, genesis_of
from server.db.acts import Act, Face, acting
from server.db.sessions import transaction
from server.i18n.catalogues import LANGUAGES, catalogue, in_language, pgettext
from server.settings import settings
from tests.cities import CITY, CONTEXT_KEY, FIELD_KEYS, INDEX_KEY
from tests.factories.people import make_resident, make_sign_in, make_staff


@pytest.fixture
def machine(monkeypatch, tmp_path, own_city):
    """A machine whose environment names the test's own database; returns the anchors' file."""
    values = {
        "DATABASE_URL": own_city.app_url,
        "DATABASE_OWNER_URL": own_city.owner_url,
        "DATABASE_SEALER_URL": own_city.sealer_url,
        "YINLING_CONTEXT_KEY": CONTEXT_KEY,
        "YINLING_FIELD_KEYS": FIELD_KEYS,
        "YINLING_INDEX_KEY": INDEX_KEY,
        "YINLING_VAR": str(tmp_path / "var"),
        "LC_ALL": "en_GB.UTF-8",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    yield file_of(tmp_path / "var" / "anchors", CITY)
    settings.cache_clear()


@pytest.fixture
def elder(own_city, as_platform):
    """Somebody entered by the platform, whose house a member of staff has corrected."""
    with transaction() as session:
        elder = make_resident(session, name="赵大明", address="黄华街 7 号")
        worker = make_staff(session, "community_worker", division_code=CITY)
        token = make_sign_in(session, staff=worker)
    act = Act(Face.CONSOLE, "residents.correct", "r", token=token, for_resident_id=elder.id)
    with acting(act), transaction() as session:
        session.execute(
            text("UPDATE resident SET address = '泽州路 9 号', sex = 'male' WHERE id = :id"),
            {"id": elder.id},
        )
    return elder


def run(*words, **environ):
    result = CliRunner(env=environ).invoke(main, ["audit", *(str(word) for word in words)])
    assert not isinstance(result.exception, AssertionError | TypeError | KeyError)
    return result


def bend(own_city, statement):
    engine = create_engine(own_city.superuser_url)
    with engine.begin() as connection:
        connection.execute(text(f"SET LOCAL search_path TO city_{CITY}"))
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(statement))
    engine.dispose()


def test_sealing_by_hand_prints_the_line_that_is_kept_outside(machine, elder):
    first, again = run("seal"), run("seal")

    assert first.exit_code == 0, first.output
    [line] = machine.read_text().splitlines()
    assert line in first.output
    assert json.loads(line)["city"] == CITY
    assert again.output.startswith("0 lines were sealed.")


def test_the_head_is_one_line_to_be_mailed(machine, elder):
    assert run("head").exit_code == 1
    run("seal")

    result = run("head")

    assert result.exit_code == 0
    assert result.stdout == machine.read_text()


def test_a_whole_trail_is_said_to_be(machine, elder):
    run("seal")

    result = run("verify")

    assert result.exit_code == 0, result.output
    head = read_anchors(machine)[-1].position
    assert f"Whole: {head:,} lines, 1 to {head:,}" in result.output
    assert f"Anchored up to {head:,}" in result.output


def test_a_bent_trail_is_named_in_plain_words_and_by_the_exit_code(machine, elder, own_city):
    run("seal")
    bend(
        own_city,
        "UPDATE trail_entry SET row_key = '777' WHERE id = (SELECT max(id) FROM trail_entry)",
    )

    english, chinese = run("verify"), run("verify", LC_ALL="zh_CN.UTF-8")

    assert english.exit_code == chinese.exit_code == 1
    head = read_anchors(machine)[-1].position
    assert f"The line in position {head:,}" in english.output
    assert "resident/777) is not as it was sealed" in english.output
    assert f"链上第 {head:,} 条" in chinese.output
    assert "Traceback" not in english.output


ANOTHER_LINE = """
    INSERT INTO trail_entry (act_id, transaction_number, table_name, row_key, body)
    SELECT act_id, pg_current_xact_id(), table_name, row_key, body
      FROM trail_entry ORDER BY id DESC LIMIT 1
"""


def test_what_is_whole_before_the_break_is_said(machine, elder, own_city):
    run("seal")
    before = read_anchors(machine)[-1].position
    bend(own_city, ANOTHER_LINE)
    run("seal")
    bend(own_city, "DELETE FROM trail_entry WHERE id = (SELECT max(id) FROM trail_entry)")

    result = run("verify")

    assert result.exit_code == 1
    assert "was deleted" in result.output
    assert f"Up to {before:,}, anchored " in result.output


def test_a_part_can_be_verified(machine, elder, own_city):
    run("seal")
    bend(
        own_city,
        "UPDATE trail_entry SET row_key = '777' WHERE id = (SELECT max(id) FROM trail_entry)",
    )
    head = read_anchors(machine)[-1].position

    assert run("verify", "--to", head - 1).exit_code == 0
    assert run("verify", "--from", head).exit_code == 1


def test_without_anchors_the_chain_vouches_for_itself_alone(machine, elder, own_city):
    run("seal")
    bend(own_city, "TRUNCATE trail_anchor")
    machine.unlink()

    result = run("verify")

    assert result.exit_code == 0
    assert "No anchor is here" in result.output


def test_a_restore_is_said_beside_the_verdict(machine, elder):
    append_anchor(machine, Anchor(CITY, 0, genesis_of(CITY), clock.now(), restored=True))
    run("seal")

    result = run("verify")

    assert result.exit_code == 0, result.output
    assert "Brought back from a backup" in result.output


def test_without_the_sealers_address_it_says_what_is_missing(machine, elder, monkeypatch):
    monkeypatch.delenv("DATABASE_SEALER_URL")

    result = run("verify")

    assert result.exit_code == 1
    assert "DATABASE_SEALER_URL is missing" in result.output


# One record's life


def test_a_record_is_told_with_masked_values(machine, elder):
    result = run("show", f"residents/{elder.id}")

    assert result.exit_code == 0, result.output
    entered, moved = (
        result.output.index("entered resident"),
        result.output.index("changed resident"),
    )
    assert entered < moved
    assert "platform, by hand  entered resident" in result.output
    assert "王主任 (window)" in result.output
    assert f"for 赵** ({elder.id})" in result.output
    with in_language("en"):
        said = [pgettext("sex", code) for code in ("female", "male")]
    assert f"sex: {said[0]} → {said[1]}" in result.output
    assert "address: [hidden] → [hidden]" in result.output
    for raw in ("赵大明", "黄华街", "泽州路", "1944-05-06"):
        assert raw not in result.output


def test_in_chinese_too(machine, elder):
    result = run("show", f"residents/{elder.id}", LC_ALL="zh_CN.UTF-8")

    assert "王主任（窗口）  修改 老年人" in result.output
    assert "性别：女 → 男" in result.output


def test_with_a_reason_it_is_told_in_full_and_the_act_is_kept(machine, elder, own_city):
    result = run("show", f"residents/{elder.id}", "--reason", "complaint 17")

    assert "address: 黄华街 7 号 → 泽州路 9 号" in result.output
    engine = create_engine(own_city.owner_url)
    with engine.connect() as connection:
        kept = text(f"SELECT reason FROM city_{CITY}.act WHERE action = 'audit show'")
        assert connection.execute(kept).scalars().all() == ["complaint 17"]
    engine.dispose()


def test_a_masked_look_leaves_no_act(machine, elder, own_city):
    run("show", f"residents/{elder.id}")

    engine = create_engine(own_city.owner_url)
    with engine.connect() as connection:
        kept = text(f"SELECT count(*) FROM city_{CITY}.act WHERE action = 'audit show'")
        assert connection.execute(kept).scalar_one() == 0
    engine.dispose()


@pytest.mark.parametrize("record", ["residents", "residents/", "nonsense/7", "/7"])
def test_a_record_that_is_none_is_refused(machine, record):
    result = run("show", record)

    assert result.exit_code == 1
    assert "residents/12" in result.output


def test_a_record_that_the_trail_does_not_know(machine, own_city):
    result = run("show", "residents/987654")

    assert result.exit_code == 1
    assert "knows nothing of residents/987654" in result.output


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(BreakKind))
def test_every_break_has_its_sentence(language, kind):
    assert f"trail_break\x04{kind.value}" in catalogue(language, "cli")
    assert "{" not in _broken(Break(kind, 7, 8, "resident", "9"), [])
