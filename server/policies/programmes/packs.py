"""A pack is a folder: `pack.yaml` and a file a programme. Shipped with the product, or brought."""

import lzma
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from server.policies.programmes.errors import PackTooLarge, PackUnreadable
from server.policies.programmes.reading import (
    ENDING,
    HEAD,
    FileFault,
    Head,
    read_head,
    read_programme,
)
from server.policies.programmes.schema import Programme
from server.policies.programmes.trying import Tried, try_examples
from server.policies.service import PACKS

FOLDER = "programmes"
UNREADABLE = (
    BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, zlib.error,
    lzma.LZMAError,
)  # fmt: skip
MOST_FILES = 60
LARGEST_FILE = 256 * 1024
LARGEST_PACK = 2 * 1024 * 1024

Texts = Mapping[str, str]


@dataclass(frozen=True)
class Pack:
    """Programmes as their files say them. A pack with faults is never half of one."""

    head: Head | None
    programmes: Mapping[str, Programme] = field(default_factory=dict)
    faults: list[FileFault] = field(default_factory=list)
    tried: list[Tried] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """True where nothing is to be mended and every example comes out."""
        return self.head is not None and not self.faults and all(one.holds for one in self.tried)


def list_shipped() -> list[str]:
    """Return the names of the packs that come with the product."""
    return sorted(path.parent.parent.name for path in PACKS.glob(f"*/{FOLDER}/{HEAD}"))


@cache
def read_shipped(name: str) -> Pack:
    """Return a shipped pack; raises `PackUnreadable` where there is none of the name."""
    if name not in list_shipped():
        raise PackUnreadable()
    return read_folder(PACKS / name / FOLDER)


def read_folder(folder: Path) -> Pack:
    """Return the pack of a folder."""
    files = {path.name: path.read_bytes() for path in sorted(folder.glob(f"*{ENDING}"))}
    return read_files(files)


def read_files(files: Mapping[str, bytes]) -> Pack:
    """Return the pack that these files are; a ZIP among them stands for what it holds.

    Raises `PackTooLarge`, and `PackUnreadable` where there is no pack at all.
    """
    texts = dict(_texts(files))
    if len(texts) > MOST_FILES or sum(map(len, texts.values())) > LARGEST_PACK:
        raise PackTooLarge(files=MOST_FILES, megabytes=LARGEST_PACK // 1024 // 1024)
    if not texts:
        raise PackUnreadable()
    return read_texts(texts)


def read_texts(texts: Texts) -> Pack:
    """Return the pack of these texts by file name, with every example reckoned."""
    head: Head | None = None
    faults: list[FileFault] = []
    if HEAD in texts:
        head, faults = read_head(HEAD, texts[HEAD])
    else:
        faults = [FileFault(HEAD, 1, (), "no-head", {})]
    programmes: dict[str, Programme] = {}
    for file in sorted(set(texts) - {HEAD}):
        programme, wrong = read_programme(file, texts[file])
        faults = faults + wrong
        if programme is not None:
            programmes[programme.programme] = programme
    if not programmes and not faults:
        faults = [FileFault(HEAD, 1, (), "no-programmes", {})]
    tried = [one for programme in programmes.values() for one in try_examples(programme)]
    return Pack(head, programmes, faults, tried)


def content_of(pack: Pack) -> dict[str, Any]:
    """Return a whole pack as it is kept: every figure with its own basis."""
    assert pack.head is not None
    return {
        "head": pack.head.model_dump(mode="json"),
        "programmes": {
            code: programme.model_dump(mode="json", by_alias=True, exclude_defaults=True)
            for code, programme in sorted(pack.programmes.items())
        },
    }


def _texts(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    for name, content in files.items():
        if content[:4] == b"PK\x03\x04":
            yield from _unpacked(content)
        elif name.endswith(ENDING):
            yield PurePosixPath(name.replace("\\", "/")).name, _decoded(content)


def _unpacked(content: bytes) -> Iterator[tuple[str, str]]:
    """The files of a ZIP, in whatever folders; nothing is unpacked before it is weighed."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            inner = [one for one in archive.infolist() if _is_wanted(one)]
            if len(inner) > MOST_FILES or sum(one.file_size for one in inner) > LARGEST_PACK:
                raise PackTooLarge(files=MOST_FILES, megabytes=LARGEST_PACK // 1024 // 1024)
            for one in inner:
                with archive.open(one) as file:
                    yield PurePosixPath(one.filename).name, _decoded(file.read(LARGEST_FILE + 1))
    except UNREADABLE as error:
        raise PackUnreadable() from error


def _is_wanted(one: ZipInfo) -> bool:
    name = PurePosixPath(one.filename).name
    return name.endswith(ENDING) and not name.startswith(".") and not one.is_dir()


def _decoded(content: bytes) -> str:
    if len(content) > LARGEST_FILE:
        raise PackTooLarge(files=MOST_FILES, megabytes=LARGEST_PACK // 1024 // 1024)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PackUnreadable() from error
