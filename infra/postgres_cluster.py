"""One PostgreSQL data folder and the programs that make, start and stop the server on it."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.postgres_home import EmbeddedPostgresError, ServerAccount
from infra.postgres_process import (
    has_little_shared_memory,
    is_ready,
    may_be_postmaster,
    plain_environment,
    postmaster_pid,
    written_pid,
)

SUPERUSER = "postgres"
CONFIGURATION = "yinling.conf"
START_WITHIN_S = 900  # Recovery after a power cut may have much to read.
LONGEST_SOCKET_DIR = 100  # The kernel allows 107 bytes with the name of the socket.
LOG_KEPT_BYTES = 10_000_000

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "maintenance_work_mem": "128MB",
    "work_mem": "16MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "wal_compression": "on",
    "min_wal_size": "128MB",
    # What a killed server reads again before it opens: 75 MB a second, and a rush waits for it.
    "max_wal_size": "384MB",
    "checkpoint_timeout": "5min",
    # The log may never hold personal data: neither statements nor the values of a broken key.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}
if sys.platform == "linux":
    # One call for the whole disk, where each of thousands of files would be opened after a kill.
    SETTINGS["recovery_init_sync_method"] = "syncfs"
FORGETFUL_SETTINGS = {
    "shared_buffers": "128MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


@dataclass(frozen=True)
class Cluster:
    """A data folder, the binaries and the account that serve it."""

    home: Path
    socket_dir: Path
    binaries: Path
    account: ServerAccount | None
    durable: bool
    say: Callable[[str], None]

    @property
    def log_path(self) -> Path:
        """What the server said."""
        return self.beside(".log")

    def beside(self, ending: str) -> Path:
        """A file or folder next to the data."""
        return self.home.with_name(self.home.name + ending)

    def start(self, *, password: str, settings: Mapping[str, str]) -> None:
        """Start the server, making its data first if there are none; return when it is ready."""
        self._prepare_socket_dir()
        if not (self.home / "PG_VERSION").exists():
            self._create(password)
        self._check_version()
        self._clear_leftovers()
        self._configure(settings)
        self._prepare_log()
        self._launch()

    def stop(self) -> None:
        """Stop the server without waiting for its clients."""
        arguments = ("stop", "--mode=fast", "--wait", f"--timeout={START_WITHIN_S}")
        self.run("pg_ctl", f"--pgdata={self.home}", *arguments, sentence="Stopping the database …")

    def wait(self, timeout_s: float) -> None:
        """Return when the server accepts connections, saying so if that takes over a second."""
        begun = said_at = time.monotonic()
        while not is_ready(self.home):
            now = time.monotonic()
            if now - begun > timeout_s or postmaster_pid(self.home) is None:
                raise self.failure("The database did not become ready.")
            if now - said_at > 1:
                self.say(f"Waiting for the database … ({now - begun:.0f} s)")
                said_at = now + 4
            time.sleep(0.05)

    def run(self, program: str, *arguments: str, sentence: str = "") -> str:
        """Run one of PostgreSQL's programs as the server's account, out of reach of Ctrl-C."""
        options: dict[str, Any] = self.account.as_process_options() if self.account else {}
        process = subprocess.Popen(
            [self.binaries / program, *arguments],
            cwd="/",
            env=plain_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            **options,
        )
        output = self._await(process, sentence)
        if process.returncode:
            raise EmbeddedPostgresError(f"{program} failed: {output.strip()}")
        return output

    def failure(self, sentence: str) -> EmbeddedPostgresError:
        """An error that shows the end of the server's log."""
        if not self.log_path.exists():
            return EmbeddedPostgresError(sentence)
        tail = self.log_path.read_text(encoding="utf-8", errors="replace")[-1500:]
        return EmbeddedPostgresError(f"{sentence} The end of {self.log_path}:\n{tail}")

    def _await(self, process: "subprocess.Popen[str]", sentence: str) -> str:
        begun = time.monotonic()
        patience_s = 1.0
        while True:
            try:
                return process.communicate(timeout=patience_s)[0]
            except subprocess.TimeoutExpired:
                self.say(f"{sentence} ({time.monotonic() - begun:.0f} s)")
                patience_s = 5.0

    def _prepare_socket_dir(self) -> None:
        folder = self.socket_dir
        if len(os.fsencode(folder)) > LONGEST_SOCKET_DIR:
            raise EmbeddedPostgresError(f"The path {folder} is too long for a socket.")
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        self._expect_ours(folder)
        folder.chmod(0o700)
        self._hand_over(folder)

    def _expect_ours(self, folder: Path) -> None:
        """Refuse a folder that somebody else put in our place."""
        friends = {os.geteuid(), self.account.uid if self.account else os.geteuid()}
        status = folder.lstat()
        if folder.is_symlink() or not folder.is_dir() or status.st_uid not in friends:
            raise EmbeddedPostgresError(f"{folder} is not ours. Remove it and start again.")

    def _hand_over(self, path: Path) -> None:
        if self.account is not None:
            self.account.own(path)

    def _create(self, password: str) -> None:
        """Let initdb work in a folder of its own and rename that: no cluster is ever half-made."""
        if self.home.exists() and any(self.home.iterdir()):
            raise EmbeddedPostgresError(f"{self.home} is neither empty nor a PostgreSQL folder.")
        staging = self.beside(".new")
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(mode=0o700)
        self._hand_over(staging)
        with self._password_file(password) as password_file:
            arguments = self._creation_arguments(staging, password_file)
            self.run("initdb", *arguments, sentence="Creating the database …")
        with (staging / "postgresql.conf").open("a", encoding="utf-8") as configuration:
            configuration.write(f"\ninclude_if_exists = '{CONFIGURATION}'\n")
        staging.replace(self.home)

    def _creation_arguments(self, folder: Path, password_file: Path) -> tuple[str, ...]:
        return (
            f"--pgdata={folder}",
            f"--username={SUPERUSER}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--data-checksums",
            *self._locale(),
            *(() if self.durable else ("--no-sync",)),
        )

    def _locale(self) -> tuple[str, ...]:
        """Text in code point order; from 17 on without asking for a locale of the machine."""
        if self._major_version() >= 17:
            return ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        return ("--locale=C.UTF-8",)

    @contextlib.contextmanager
    def _password_file(self, password: str) -> Iterator[Path]:
        with tempfile.NamedTemporaryFile("w", dir=self.socket_dir, encoding="utf-8") as file:
            file.write(password)
            file.flush()
            self._hand_over(Path(file.name))
            yield Path(file.name)

    def _major_version(self) -> int:
        answer = self.run("postgres", "--version")  # "postgres (PostgreSQL) 18.4"
        return int(answer.split()[2].split(".")[0])

    def _check_version(self) -> None:
        made_by = (self.home / "PG_VERSION").read_text(encoding="ascii").strip()
        ours = self._major_version()
        if int(made_by) != ours:
            raise EmbeddedPostgresError(
                f"{self.home} was made by PostgreSQL {made_by}, but {self.binaries} is {ours}. "
                "Choose the right one with YINLING_PG_BIN."
            )

    def _clear_leftovers(self) -> None:
        """Forget a killed server, even when another process has been given its number since."""
        pid = written_pid(self.home)
        if pid is None or not may_be_postmaster(pid, self.home):
            (self.home / "postmaster.pid").unlink(missing_ok=True)
        for leftover in self.socket_dir.iterdir():
            leftover.unlink()

    def _configure(self, settings: Mapping[str, str]) -> None:
        forgetful = {} if self.durable else FORGETFUL_SETTINGS
        chosen = {**SETTINGS, **forgetful, **settings}
        chosen["unix_socket_directories"] = str(self.socket_dir)
        if has_little_shared_memory():
            chosen["dynamic_shared_memory_type"] = "mmap"
        lines = ["# Written at every start. Settings of your own: ALTER SYSTEM."]
        lines += [f"{name} = '{value}'" for name, value in chosen.items()]
        path = self.home / CONFIGURATION
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self._hand_over(path)

    def _prepare_log(self) -> None:
        if self.log_path.exists() and self.log_path.stat().st_size > LOG_KEPT_BYTES:
            self.log_path.replace(self.beside(".log.1"))
        self.log_path.touch(mode=0o600)
        self._hand_over(self.log_path)

    def _launch(self) -> None:
        """Start the server; children of a killed one may hold its memory for a moment longer."""
        patience_until = time.monotonic() + 10
        while not self._launched():
            if time.monotonic() > patience_until:
                raise self.failure("The database did not start.")
            time.sleep(0.2)

    def _launched(self) -> bool:
        position = self.log_path.stat().st_size
        arguments = ("start", "--wait", f"--timeout={START_WITHIN_S}", f"--log={self.log_path}")
        try:
            self.run("pg_ctl", f"--pgdata={self.home}", *arguments, sentence="Starting …")
        except EmbeddedPostgresError:
            if b"still in use" not in self.log_path.read_bytes()[position:]:
                raise self.failure("The database did not start.") from None
            return False
        return True
