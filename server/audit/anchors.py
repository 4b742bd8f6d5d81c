"""Anchors: the chain's head, written where whoever bends the database does not write.

One file a city, a JSON line an anchor, only ever appended to. The further away from the database's
machine it lies, the more an anchor is worth.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

import orjson

from server.audit.rules import Anchor

LAST_PART = 65_536
ENDS_A_LINE = b"\n"


def file_of(folder: Path, city_code: str) -> Path:
    """Return the file that the city's anchors are appended to."""
    return folder / f"{city_code}.jsonl"


def read_anchors(path: Path) -> list[Anchor]:
    """Return all anchors of the file, in the order written; none where there is no file.

    A line that cannot be read is left out: the anchor that it held is then missed by the chain.
    """
    if not path.exists():
        return []
    with path.open("rb") as file:
        found = [_anchor(line) for line in file]
    return [anchor for anchor in found if anchor is not None]


def last_anchor(path: Path) -> Anchor | None:
    """Return the anchor written last, without reading the whole file."""
    if not path.exists():
        return None
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - LAST_PART))
        found = [_anchor(line) for line in file]
    return next((anchor for anchor in reversed(found) if anchor is not None), None)


def append_anchor(path: Path, anchor: Anchor) -> None:
    """Add the anchor as the file's last line, and see it onto the disk.

    A line that a crash tore stays as it is; ours begins on a line of its own.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o640)
    with os.fdopen(descriptor, "r+b", buffering=0) as file:
        torn = file.seek(0, os.SEEK_END) > 0 and os.pread(descriptor, 1, file.tell() - 1) != b"\n"
        file.write(ENDS_A_LINE * torn + line_of(anchor).encode() + ENDS_A_LINE)
        os.fsync(descriptor)


def line_of(anchor: Anchor) -> str:
    """Return the anchor as the line that the file holds, and that a report prints."""
    values = {
        "city": anchor.city,
        "position": anchor.position,
        "digest": anchor.digest.hex(),
        "at": anchor.at.astimezone(UTC).isoformat(timespec="seconds"),
    }
    return orjson.dumps(values | ({"restored": True} if anchor.restored else {})).decode()


def _anchor(line: bytes) -> Anchor | None:
    try:
        values = orjson.loads(line)
        return Anchor(
            city=str(values["city"]),
            position=int(values["position"]),
            digest=bytes.fromhex(values["digest"]),
            at=datetime.fromisoformat(values["at"]),
            restored=bool(values.get("restored", False)),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
