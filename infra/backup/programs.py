"""Runs pg_dump and pg_restore; the password travels in their environment, where nobody lists it."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from infra.backup.archive import PIECE
from infra.backup.impossible import BackupImpossible
from infra.backup.progress import Progress, megabytes
from infra.database_roles import libpq_url
from infra.embedded_postgres import EmbeddedPostgresError, find_binaries
from server.i18n.catalogues import gettext as _


def dump_schema(url: str, schema: str, *, snapshot: str, to: Path, progress: Progress) -> None:
    """Write the schema as it is in the snapshot, data and rights, into a file of custom format."""
    options = ["--format=custom", f"--schema={schema}", f"--snapshot={snapshot}", f"--file={to}"]
    with _running("pg_dump", options, url, stdin=subprocess.DEVNULL) as process:
        _wait(process, lambda: progress.at(_written(to)))


def restore_schema(url: str, dump: IO[bytes], *, size: int, progress: Progress) -> None:
    """Bring the dump into the database, all of it or nothing."""
    options = ["--single-transaction", "--exit-on-error", "--no-owner"]
    with _running("pg_restore", options, url, stdin=subprocess.PIPE) as process:
        _feed(process, dump, size, progress)
        _wait(process, lambda: progress.at(_("The database builds its indexes …")))


def _written(path: Path) -> str:
    size = path.stat().st_size if path.exists() else 0
    return _("Written {done} MB …", done=megabytes(size))


def _program(name: str) -> Path:
    """The program beside our own server, or else the one that this machine has."""
    try:
        ours = find_binaries() / name
    except EmbeddedPostgresError:
        ours = None
    if ours is not None and ours.is_file():
        return ours
    installed = shutil.which(name)
    if installed is None:
        raise BackupImpossible(
            _("{program} is not there. Run make setup, or set YINLING_PG_BIN.", program=name)
        )
    return Path(installed)


@contextmanager
def _running(
    name: str, options: Sequence[str], url: str, *, stdin: int
) -> Iterator[subprocess.Popen[bytes]]:
    """Run the program beside the block; raises if it fails, and never leaves it behind."""
    words = conninfo_to_dict(libpq_url(url))
    environment = {**os.environ, "PGPASSWORD": str(words.pop("password", "")), "LC_ALL": "C"}
    address = f"--dbname={make_conninfo('', **words)}"
    command = [str(_program(name)), *options, address, "--no-password"]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdin=stdin, stderr=said, env=environment)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
            if process.stdin is not None:
                with suppress(OSError):  # What it did not want to read any more.
                    process.stdin.close()
        if process.returncode != 0:
            said.seek(0)
            reason = _first_reason(said.read().decode(errors="replace"))
            raise BackupImpossible(
                _("{program} did not succeed: {reason}", program=name, reason=reason)
            )


def _feed(process: subprocess.Popen[bytes], dump: IO[bytes], size: int, progress: Progress) -> None:
    assert process.stdin is not None
    done = 0
    try:
        while piece := dump.read(PIECE):
            process.stdin.write(piece)
            done += len(piece)
            progress.at(
                _("Restored {done} of {all} MB …", done=megabytes(done), all=megabytes(size))
            )
        process.stdin.close()
    except BrokenPipeError:
        process.wait()  # It gave up reading; how it ends says why.


def _wait(process: subprocess.Popen[bytes], meanwhile: Callable[[], None]) -> None:
    while True:
        try:
            process.wait(timeout=0.5)
            return
        except subprocess.TimeoutExpired:
            meanwhile()


def _first_reason(said: str) -> str:
    """What went wrong first; later lines only follow from it."""
    lines = [line for line in said.splitlines() if "error:" in line] or said.splitlines()
    return lines[0].partition("error:")[2].strip() or lines[0] if lines else "?"
