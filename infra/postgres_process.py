"""Facts about PostgreSQL's processes and the machine they run on."""

import contextlib
import os
import subprocess
import tempfile
from pathlib import Path

SHARED_MEMORY_WANTED_BYTES = 256 * 1024 * 1024


def postmaster_pid(home: Path) -> int | None:
    """The number of the living server on this data folder, whoever started it."""
    pid = written_pid(home)
    return pid if pid is not None and _data_folder(pid) == home else None


def may_be_postmaster(pid: int, home: Path) -> bool:
    """Whether this process could be the server of this data folder; a reused number could not."""
    return _is_postgres(_command_line(pid)) and _data_folder(pid) in (home, None)


def is_ready(home: Path) -> bool:
    """Whether the server has written that it accepts connections."""
    lines = _pid_file_lines(home)
    return len(lines) > 7 and lines[7].strip() == "ready"


def written_socket_dir(home: Path) -> Path:
    """Where the living server listens."""
    return Path(_pid_file_lines(home)[4])


def written_pid(home: Path) -> int | None:
    """The number in `postmaster.pid`, which may be that of a process long gone."""
    lines = _pid_file_lines(home)
    return int(lines[0]) if lines and lines[0].strip().isdecimal() else None


def _pid_file_lines(home: Path) -> list[str]:
    try:
        return (home / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []


def _data_folder(pid: int) -> Path | None:
    """The folder a postmaster was started on, as far as its command line tells."""
    words = _command_line(pid)
    if not _is_postgres(words) or "-D" not in words[:-1]:
        return None
    return Path(words[words.index("-D") + 1]).resolve()


def _is_postgres(words: list[str]) -> bool:
    return bool(words) and Path(words[0]).name in ("postgres", "postmaster")


def _command_line(pid: int) -> list[str]:
    """The words of a living process; none for one that is gone or waits to be buried."""
    if Path("/proc/self").exists():
        with contextlib.suppress(OSError):
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            return [os.fsdecode(word) for word in words if word]
        return []
    command = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.split()


def short_temporary_folder() -> Path:
    """A folder for sockets whose path is short: macOS has a long one in TMPDIR."""
    usual = Path("/tmp")  # The folder made below it is private and its owner is checked.
    return usual if os.access(usual, os.W_OK) else Path(tempfile.gettempdir())


def has_little_shared_memory() -> bool:
    """Whether /dev/shm is missing or as small as containers have it."""
    try:
        status = os.statvfs("/dev/shm")
    except OSError:
        return True
    return status.f_frsize * status.f_blocks < SHARED_MEMORY_WANTED_BYTES


def plain_environment() -> dict[str, str]:
    """Our environment without settings meant for other databases, and with messages in English."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C"}
