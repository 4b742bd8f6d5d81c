"""The file itself: a tar of four members, which `tar` and `sha256sum --check` also understand."""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from infra.backup.impossible import BackupImpossible
from infra.backup.locked_keys import Keys, unlock
from infra.backup.progress import Progress, megabytes
from server.db.cities import schema_of
from server.i18n.catalogues import gettext as _

MANIFEST, DUMP, LOCKED_KEYS, HASHES = "manifest.json", "database.dump", "keys.json", "SHA256SUMS"
FORM = 1  # of the file; a higher number is a form that this program does not know
PIECE = 1 << 20


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. Its bytes are locked together with the keys."""

    form: int
    city: str
    program_version: str
    migration_step: str
    taken_at: str
    rows: Mapping[str, int]
    dump_sha256: str

    @property
    def schema(self) -> str:
        """The schema that the data come from and go to."""
        return schema_of(self.city)

    def to_bytes(self) -> bytes:
        """Return the manifest for storing."""
        return json.dumps(asdict(self), indent=2, sort_keys=True).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Manifest":
        """Return the manifest as it was stored; raises `ValueError` or `TypeError`."""
        manifest = cls(**json.loads(content))
        schema_of(manifest.city)
        return manifest


@dataclass(frozen=True)
class Archive:
    """An opened backup whose every member has the hash it was written with."""

    manifest: Manifest
    manifest_bytes: bytes
    locked_keys: bytes
    dump_size: int
    _tar: tarfile.TarFile

    def keys(self, passphrase: str) -> Keys:
        """Return the keys; raises where the passphrase is another or the manifest was changed."""
        return unlock(self.locked_keys, passphrase, belonging_to=self.manifest_bytes)

    def dump(self) -> IO[bytes]:
        """Return the dump for reading, from its beginning."""
        return _member(self._tar, DUMP)


def write_archive(draft: Path, *, manifest: bytes, locked_keys: bytes, dump: Path) -> None:
    """Write the tar at this path, readable by its owner only, and see it onto the disk."""
    dump_hash = hash_of(dump)
    hashes = {MANIFEST: _sha256(manifest), DUMP: dump_hash, LOCKED_KEYS: _sha256(locked_keys)}
    lines = "".join(f"{digest}  {name}\n" for name, digest in hashes.items()).encode()
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with tarfile.open(fileobj=file, mode="w") as tar:
            for name, content in (
                (HASHES, lines),
                (MANIFEST, manifest),
                (LOCKED_KEYS, locked_keys),
            ):
                _add(tar, name, io.BytesIO(content), len(content))
            with dump.open("rb") as content_of_dump:
                _add(tar, DUMP, content_of_dump, dump.stat().st_size)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def opened(path: Path, progress: Progress) -> Iterator[Archive]:
    """Give the backup to the block, once all its hashes are found right."""
    try:
        tar = tarfile.open(path, "r:")  # noqa: SIM115 (the block below closes it)
    except (OSError, tarfile.TarError) as failure:
        raise BackupImpossible(_("{path} cannot be read as a backup.", path=path)) from failure
    with tar:
        yield _checked(tar, path, progress)


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file of any size."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _checked(tar: tarfile.TarFile, path: Path, progress: Progress) -> Archive:
    try:
        hashes = _check_hashes(tar, path, progress)
        content = _member(tar, MANIFEST).read()
        if json.loads(content)["form"] > FORM:
            raise BackupImpossible(_("{path} was made by a newer Yinling.", path=path))
        manifest = Manifest.from_bytes(content)
        if manifest.dump_sha256 != hashes[DUMP]:
            raise ValueError("manifest and dump are of two backups")
        locked_keys, size = _member(tar, LOCKED_KEYS).read(), tar.getmember(DUMP).size
        return Archive(manifest, content, locked_keys, size, tar)
    except (KeyError, ValueError, TypeError, OSError, tarfile.TarError) as failure:
        raise BackupImpossible(_("{path} cannot be read as a backup.", path=path)) from failure


def _check_hashes(tar: tarfile.TarFile, path: Path, progress: Progress) -> dict[str, str]:
    lines = _member(tar, HASHES).read().decode().splitlines()
    written = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    for name in (MANIFEST, LOCKED_KEYS, DUMP):
        if written[name] != _hash_of_member(tar, name, progress):
            raise BackupImpossible(
                _(
                    "{path} is damaged: {member} is not as it was written. Nothing was restored.",
                    path=path,
                    member=name,
                )
            )
    return written


def _hash_of_member(tar: tarfile.TarFile, name: str, progress: Progress) -> str:
    digest, done, size = hashlib.sha256(), 0, megabytes(tar.getmember(name).size)
    member = _member(tar, name)
    while piece := member.read(PIECE):
        digest.update(piece)
        done += len(piece)
        progress.at(_("Checked {done} of {all} MB …", done=megabytes(done), all=size))
    return digest.hexdigest()


def _member(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    member = tar.extractfile(name)
    if member is None:
        raise KeyError(name)
    return member


def _add(tar: tarfile.TarFile, name: str, content: IO[bytes], size: int) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    tar.addfile(member, content)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
