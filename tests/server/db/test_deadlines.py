"""A database that stops without hanging up holds nobody for ever."""

import contextlib
import socket
from threading import Event, Thread
from time import monotonic

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from server.db.engines import make_engine

PATIENCE_S = 1.0


class Relay:
    """Stands between us and the database, and can stop passing anything on."""

    def __init__(self, connect):
        self._connect = connect
        self._goes_on = Event()
        self._goes_on.set()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        Thread(target=self._let_in, daemon=True).start()

    def freeze(self):
        self._goes_on.clear()

    def close(self):
        self._door.close()

    def _let_in(self):
        while True:
            try:
                here, _ = self._door.accept()
            except OSError:
                return
            there = self._connect()
            for source, target in ((here, there), (there, here)):
                Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _pass_on(self, source, target):
        with contextlib.suppress(OSError):  # Either end may hang up at any time.
            while data := source.recv(65536):
                self._goes_on.wait()
                target.sendall(data)
        target.close()


@pytest.fixture
def relay(own_city):
    url = make_url(own_city.app_url)
    folder = url.query.get("host")

    def connect():
        if folder is None or not folder.startswith("/"):
            return socket.create_connection((url.host or folder, url.port or 5432))
        line = socket.socket(socket.AF_UNIX)
        line.connect(f"{folder}/.s.PGSQL.{url.port or url.query.get('port', 5432)}")
        return line

    relay = Relay(connect)
    yield relay
    relay.close()


@pytest.fixture
def engine(own_city, relay):
    url = make_url(own_city.app_url).set(host="127.0.0.1", port=relay.port, query={})
    engine = make_engine(url.render_as_string(hide_password=False), patience_s=PATIENCE_S)
    yield engine
    engine.dispose()


def test_a_statement_without_an_answer_ends(engine, relay):
    with engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
        relay.freeze()
        began = monotonic()

        with pytest.raises(OperationalError):
            connection.execute(text("SELECT 2"))

        assert monotonic() - began < 10 * PATIENCE_S


def test_a_patient_database_is_not_hung_up_on(engine):
    with engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
        Event().wait(2 * PATIENCE_S)
        assert connection.execute(text("SELECT 2")).scalar() == 2
