"""`yinling serve` as a person lives with it: started, used, stopped, killed, started again."""

import http.client
import os
import signal
import socket
import ssl
import stat
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography import x509

from infra.cli import main
from infra.demo.beginning import CityInhabited
from infra.processes import Platform
from infra.serving import household
from infra.serving.certificate import local_certificate
from infra.serving.household import KEPT_FROM_THE_WEB
from infra.serving.listening import Place, PortTaken
from infra.serving.preparing import NotSetUp, prepare
from server.settings import Settings, settings
from tests.cities import CONTEXT_KEY

pytestmark = pytest.mark.long

PROJECT = Path(__file__).parents[2]
PATIENCE_S = 60
SET_UP = """
from infra.cities import add_city
from infra.demo.beginning import CityInhabited
from infra.processes import Platform
platform = Platform()
with platform.working("tests") as present:
    key = present.context_key.get_secret_value()
    add_city("1404", owner=platform.owner(), context_key=key)
platform.close()
"""


@pytest.fixture(scope="module")
def environment():
    """A machine of its own that has a city, and whose database does not run."""
    shelf = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="yinling-serve-", dir=shelf) as var:
        Path(var).chmod(0o711)
        foreign = ("YINLING_", "DATABASE_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        environment = kept | {"YINLING_VAR": var, "YINLING_CITY": "1404", "LC_ALL": "C.UTF-8"}
        subprocess.run([sys.executable, "-c", SET_UP], env=environment, cwd=PROJECT, check=True)
        yield environment


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def served(environment, port, *options):
    """The running command, once it has printed its page; whatever is left is killed afterwards."""
    said = Path(environment["YINLING_VAR"], "said")
    with said.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "infra.cli", "serve", "--port", str(port), *options],
            env=environment, cwd=PROJECT, stdout=subprocess.PIPE, stderr=errors, text=True,
        )  # fmt: skip
    try:
        page = read_page(process)
        assert "Ctrl-C stops everything." in page, said.read_text()
        yield process, page
    finally:
        process.stdout.close()
        for pid in [process.pid, *processes_of(environment)]:
            kill(pid)
        process.wait()


def read_page(process):
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith("╰"):
            break
    return "".join(lines)


def kill(pid):
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def processes_of(environment):
    """The living processes that were started for this machine, the database among them."""
    mark = f"YINLING_VAR={environment['YINLING_VAR']}\0".encode()
    return [int(place.parent.name) for place in Path("/proc").glob("[0-9]*/environ")
            if mark in read(place) and int(place.parent.name) != os.getpid()]  # fmt: skip


def read(place):
    try:
        return place.read_bytes()
    except OSError:
        return b""


def all_gone(environment):
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and processes_of(environment):
        time.sleep(0.05)
    return not processes_of(environment)


def answer(port, path, trust=None):
    if trust:
        context = ssl.create_default_context(cafile=trust)
        connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=20, context=context)
    else:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path)
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    return response.status, body


def counted(port, *, face, status):
    """How many requests all workers together say they have answered."""
    label = f'yinling_requests_total{{face="{face}",status="{status}"}} '
    lines = answer(port, "/metrics")[1].splitlines()
    return sum(float(line.removeprefix(label)) for line in lines if line.startswith(label))


@pytest.mark.nightly
def test_ctrl_c_stops_everything_that_was_started(environment, port):
    with served(environment, port) as (process, page):
        assert f"http://127.0.0.1:{port}/app/" in page
        assert "手机端 Phone app" in page
        assert answer(port, "/readyz")[0] == 200
        assert answer(port, "/app/")[0] == 200
        assert len(processes_of(environment)) > 5
        assert [answer(port, "/healthz")[0] for _ in range(6)] == [200] * 6
        assert counted(port, face="root", status=200) >= 6 + 1

        process.send_signal(signal.SIGINT)

        assert process.wait(PATIENCE_S) == 0
        assert processes_of(environment) == []


def test_killed_outright_it_leaves_nobody_behind_and_starts_again_with_its_data(environment, port):
    trust = Path(environment["YINLING_VAR"], "https", "certificate.pem")
    with served(environment, port, "--https", "--host", "127.0.0.1") as (process, page):
        assert f"https://127.0.0.1:{port}/app/" in page
        assert answer(port, "/readyz", trust)[0] == 200

        process.kill()

        assert process.wait(PATIENCE_S) == -signal.SIGKILL
        assert all_gone(environment)


# Before anything is started


@pytest.fixture
def machine(monkeypatch, tmp_path, city_database):
    """A process on the tests' database."""
    monkeypatch.setenv("DATABASE_URL", city_database.app_url)
    monkeypatch.setenv("DATABASE_OWNER_URL", city_database.owner_url)
    monkeypatch.setenv("YINLING_VAR", str(tmp_path))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


def test_a_taken_port_is_said_in_a_sentence(machine, port):
    with socket.create_server(("127.0.0.1", port)):
        result = CliRunner().invoke(main, ["serve", "--port", str(port)])

    assert result.exit_code == 1
    assert f"Something listens at http://127.0.0.1:{port} already." in result.output


def test_a_port_is_taken_even_where_its_holder_would_share_it(port):
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        holder.bind(("127.0.0.1", port))
        holder.listen()
        with pytest.raises(PortTaken):
            Place("127.0.0.1", port).check_free()


def test_a_city_that_is_not_there_is_not_made_unasked(machine):
    platform = Platform("3201")
    try:
        with pytest.raises(NotSetUp, match="3201"):
            prepare(platform, add=False)
    finally:
        platform.close()


def test_a_demo_is_not_mixed_with_the_people_of_a_city(machine, port, monkeypatch):
    def inhabited(*_given, **_named):
        raise CityInhabited

    command = sys.modules["infra.cli.serve"]  # The package gives the command itself that name.
    monkeypatch.setattr(command, "start_web", lambda *_: None)
    monkeypatch.setattr(command, "fill_with_demo", inhabited)
    monkeypatch.setenv("YINLING_CONTEXT_KEY", CONTEXT_KEY)

    result = CliRunner().invoke(main, ["serve", "--with-demo", "--port", str(port)])

    assert result.exit_code == 1
    assert "This city has residents of its own" in result.output


def test_a_demo_is_refused_in_production(machine, monkeypatch):
    monkeypatch.setenv("YINLING_ENV", "production")

    result = CliRunner().invoke(main, ["serve", "--with-demo"])

    assert result.exit_code == 1
    assert "YINLING_DEMO shows sign-in codes on screen" in result.output


# The certificate for a tablet


def names_in(path):
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    named = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    return {str(name.value) for name in named.value}


def test_the_certificate_names_this_machine_and_its_key_is_private(tmp_path):
    made = local_certificate(tmp_path, ["192.168.7.20"])

    assert names_in(made.public) == {"localhost", "127.0.0.1", "::1", "192.168.7.20"}
    assert stat.S_IMODE(made.key.stat().st_mode) == 0o600


def test_the_same_certificate_is_used_again_until_it_lacks_a_name(tmp_path):
    first = local_certificate(tmp_path, ["192.168.7.20"]).public.read_bytes()

    assert local_certificate(tmp_path, ["192.168.7.20"]).public.read_bytes() == first
    assert local_certificate(tmp_path, ["10.0.0.5"]).public.read_bytes() != first


def test_a_certificate_is_renewed_before_it_runs_out(tmp_path, monkeypatch):
    first = local_certificate(tmp_path, []).public.read_bytes()

    monkeypatch.setattr("server.clock.SHIFT", timedelta(days=360))

    assert local_certificate(tmp_path, []).public.read_bytes() != first


def test_a_web_worker_is_not_told_how_to_come_in_as_owner_or_sealer(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_OWNER_URL", "owner's")
    monkeypatch.setenv("DATABASE_SEALER_URL", "sealer's")
    monkeypatch.setenv("YINLING_PASSWORD_OWNER", "owner's")
    started = {}

    class Noted:
        def start(self, name, command, environment):
            started[name] = environment

    settings = Settings(var=tmp_path)
    household.start_web(Noted(), settings, Place("127.0.0.1", 8000, None), None)
    household.start_scheduler(Noted(), settings)

    assert not KEPT_FROM_THE_WEB & started["web"].keys()
    assert started["scheduler"]["DATABASE_SEALER_URL"] == "sealer's"
