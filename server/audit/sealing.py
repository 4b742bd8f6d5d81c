"""Binds new lines of the trail to the chain, in the order in which they were committed.

Only lines of transactions older than any that still runs are taken: none can turn up before them
later. A link and its line are hashed as COPY writes them, with the act's own columns, so that
neither can change without the other telling.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg import sql

from server import clock
from server.audit.anchors import append_anchor, last_anchor
from server.audit.rules import Anchor, genesis_of, link
from server.db.streams import Stream

LINES_A_BATCH = 5_000

# What a link is made of; the order is part of the chain and must never change.
LINE = sql.SQL(
    "e.id, e.act_id, e.table_name, e.row_key, e.body, a.at, a.face, a.action, a.request_id,"
    " a.reason, a.sign_in_id, a.account_id, a.staff_id, a.for_resident_id"
)
# Lines are looked up by their keys, in order: whatever the planner believes of a table that grew
# since it last looked, sorting or scanning it whole for every batch would never come to an end.
AS_A_STREAM = """
    SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off;
    SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off;
    SET LOCAL max_parallel_workers_per_gather = 0
"""
LAST_LINK = "SELECT position, digest FROM trail_seal ORDER BY position DESC LIMIT 1"
LAST_LINE = """
    SELECT e.transaction_number::text, e.id
      FROM trail_seal s JOIN trail_entry e ON e.id = s.entry_id
     ORDER BY s.position DESC LIMIT 1
"""
NEW_LINES = sql.SQL(
    """
    COPY (SELECT {line} FROM trail_entry e JOIN act a ON a.id = e.act_id
           WHERE (e.transaction_number, e.id) > ({number}, {entry})
             AND e.transaction_number < pg_snapshot_xmin(pg_current_snapshot())
           ORDER BY e.transaction_number, e.id LIMIT {most}) TO STDOUT
    """
)
NEW_LINKS = "COPY trail_seal (position, entry_id, digest) FROM STDIN"
KEEP_ANCHOR = """
    INSERT INTO trail_anchor (position, digest, at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class Head:
    """The last link of the chain; position 0 is the beginning, before any line."""

    position: int
    digest: bytes


def seal(
    stream: Stream,
    city_code: str,
    *,
    batch: int = LINES_A_BATCH,
    may_go_on: Callable[[], bool] = lambda: True,
) -> int:
    """Seal every line that may be sealed by now, batch by batch; returns how many.

    Two that seal at once do no harm: the second finds the lock taken and leaves it to the first.
    """
    sealed = newly = 0
    while sealed == 0 or (newly == batch and may_go_on()):
        newly = _seal_batch(stream, city_code, batch)
        sealed += newly
        if newly == 0:
            break
    return sealed


def find_head(stream: Stream, city_code: str) -> Head:
    """Return where the chain stands; at the very beginning where nothing is sealed yet."""
    row = stream.execute(LAST_LINK).fetchone()
    return Head(*row) if row is not None else Head(0, genesis_of(city_code))


def anchor(stream: Stream, city_code: str, path: Path) -> Anchor | None:
    """Write the head outside the database unless it stands there already; None for no head.

    First the file, then the table: what the table knows must be in the file.
    """
    head = find_head(stream, city_code)
    if head.position == 0:
        return None
    last = last_anchor(path)
    if last is None or (last.position, last.digest) != (head.position, head.digest):
        last = Anchor(city_code, head.position, head.digest, clock.now())
        append_anchor(path, last)
    stream.execute(KEEP_ANCHOR, (last.position, last.digest, last.at))
    return last


def carries(stream: Stream, anchor: Anchor) -> bool:
    """True where the chain has the anchor's link in its place; position 0 is before any link."""
    asked = "SELECT 1 FROM trail_seal WHERE position = %s AND digest = %s"
    found = stream.execute(asked, (anchor.position, anchor.digest)).fetchone()
    return found is not None or anchor.position == 0


def _seal_batch(stream: Stream, city_code: str, batch: int) -> int:
    with stream.transaction():
        if not _has_lock(stream):
            return 0
        stream.execute(AS_A_STREAM)
        links = list(_links(stream, find_head(stream, city_code), batch))
        with stream.cursor().copy(NEW_LINKS) as copy:
            for position, entry_id, digest in links:
                copy.write(f"{position}\t{entry_id}\t\\\\x{digest.hex()}\n")
    return len(links)


def _has_lock(stream: Stream) -> bool:
    asked = "SELECT pg_try_advisory_xact_lock(hashtextextended('seal ' || current_schema(), 0))"
    row: Any = stream.execute(asked).fetchone()
    return bool(row[0])


def _links(stream: Stream, head: Head, batch: int) -> Iterator[tuple[int, int, bytes]]:
    """Yield position, line and digest of each new link.

    What was tampered with is not mended here: the chain goes on from its last link, and the
    anchors tell.
    """
    number, entry = stream.execute(LAST_LINE).fetchone() or ("0", 0)
    statement = NEW_LINES.format(
        line=LINE,
        number=sql.SQL("{}::xid8").format(sql.Literal(number)),
        entry=sql.Literal(entry),
        most=sql.Literal(batch),
    )
    position, digest = head.position, head.digest
    with stream.cursor().copy(statement) as copy:
        for row in copy:
            line = bytes(row)
            position, digest = position + 1, link(digest, line)
            yield position, int(line[: line.index(b"\t")]), digest
