"""Starts, shares and stops the PostgreSQL that comes with Yinling, with no service of the machine.

The server listens on a private socket only and asks every connection for its password (scram).
Several processes may use one data folder: the first starts the server and the last one stops it;
one that was killed no longer counts. A server that Yinling did not start is used and left running.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Self

import psycopg
from sqlalchemy import URL

from infra.database_roles import bootstrap_roles, libpq_url
from infra.postgres_cluster import START_WITHIN_S, SUPERUSER, Cluster
from infra.postgres_home import (
    REFUGE,
    EmbeddedPostgresError,
    binaries_for,
    find_binaries,
    placement_notes,
    server_account,
    settle_data_dir,
)
from infra.postgres_process import postmaster_pid, short_temporary_folder, written_socket_dir

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError", "bootstrap_roles", "find_binaries"]


class EmbeddedPostgres:
    """A server on one data folder, started by who comes first and stopped by who leaves last."""

    def __init__(
        self,
        data_dir: Path,
        *,
        password: str,
        durable: bool = True,
        settings: Mapping[str, str] | None = None,
        say: Callable[[str], None] = lambda sentence: None,
        refuge: Path = REFUGE,
    ) -> None:
        """Start nothing yet. `durable=False` is for tests: fast, but not safe in a power cut."""
        self.data_dir = Path(data_dir).absolute()
        self.binaries = find_binaries()
        self._password = password
        self._durable = durable
        self._settings = dict(settings or {})
        self._say = say
        self._refuge = refuge
        self._users: IO[str] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def home(self) -> Path:
        """The real folder of the data; it may lie outside the clone (see `notes`)."""
        return self.data_dir.resolve()

    @property
    def log_path(self) -> Path:
        """What the server said."""
        return self.home.with_name(f"{self.home.name}.log")

    @property
    def socket_dir(self) -> Path:
        """The private folder of the socket; its path is short enough for the kernel."""
        if self.is_running():
            return written_socket_dir(self.home)
        name = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]
        return short_temporary_folder() / f"yinling-{os.geteuid()}-{name}"

    @property
    def notes(self) -> list[str]:
        """Sentences for `doctor` and the start page about what does not lie inside the clone."""
        return placement_notes(self.data_dir, self.binaries, self._refuge)

    def url(
        self, role: str = SUPERUSER, password: str | None = None, database: str = "postgres"
    ) -> str:
        """The address of a database for SQLAlchemy, password and all; call it after `start`."""
        address = URL.create(
            "postgresql+psycopg",
            username=role,
            password=self._password if password is None else password,
            database=database,
            query={"host": str(self.socket_dir)},
        )
        return address.render_as_string(hide_password=False)

    def start(self) -> None:
        """Return with a server that accepts connections: the one that runs already, or ours."""
        if self._users is not None:
            return
        settle_data_dir(self.data_dir, server_account(self.data_dir), self._refuge)
        with self._one_at_a_time():
            self._users = self._cluster.beside(".users").open("a+", encoding="ascii")
            fcntl.flock(self._users, fcntl.LOCK_SH)
            try:
                self._join_or_start(self._users)
            except BaseException:
                self._leave()
                raise

    def revive(self) -> bool:
        """Start the server again if it has died while we use it; says whether it had."""
        if self._users is None or self.is_running():
            return False
        with self._one_at_a_time():
            if self.is_running():
                return False  # another of its users was quicker
            self._join_or_start(self._users)
        return True

    def stop(self) -> None:
        """Leave the server; stop it if nobody else uses it and Yinling started it."""
        if self._users is None:
            return
        with self._one_at_a_time():
            self._leave()

    def is_running(self) -> bool:
        """Whether a server works on this data folder, whoever started it."""
        return postmaster_pid(self.home) is not None

    def wait(self, timeout_s: float = START_WITHIN_S) -> None:
        """Return when the server accepts connections, telling of it if that takes long."""
        self._cluster.wait(timeout_s)

    @property
    def _cluster(self) -> Cluster:
        account = server_account(self.data_dir)
        return Cluster(
            home=self.home,
            socket_dir=self.socket_dir,
            binaries=binaries_for(account, self.binaries, self._refuge),
            account=account,
            durable=self._durable,
            say=self._say,
        )

    def _join_or_start(self, users: IO[str]) -> None:
        if not self.is_running():
            self._cluster.start(password=self._password, settings=self._settings)
            users.truncate(0)
            users.write(str(postmaster_pid(self.home)))
            users.flush()
        self.wait()
        self._check_password()

    def _leave(self) -> None:
        """Give up our share; whoever finds no other share left stops the server."""
        users, self._users = self._users, None
        if users is None:
            return
        with users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            users.seek(0)
            if users.read() == str(postmaster_pid(self.home)):
                self._cluster.stop()
            if not self.is_running():
                shutil.rmtree(self.socket_dir, ignore_errors=True)

    @contextlib.contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        with self._cluster.beside(".lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._say("Waiting for another start or stop of this database …")
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _check_password(self) -> None:
        try:
            psycopg.connect(libpq_url(self.url())).close()
        except psycopg.OperationalError as error:
            if "password authentication failed" not in str(error):
                raise self._cluster.failure(str(error)) from None
            raise EmbeddedPostgresError(
                f"The database in {self.data_dir} was made with another password. Put back the "
                "secrets.env it was made with, or move the folder away to begin anew."
            ) from None
