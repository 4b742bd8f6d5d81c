"""Reads the whole chain again, and names the first thing in it that is not as it was sealed.

What happened after the last anchor cannot be told from what was never there; everything before it
can. All is read in one snapshot, by one stream, so that a million lines take seconds.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
from psycopg import sql

from server.audit.rules import Anchor, Break, BreakKind, genesis_of, in_force
from server.audit.sealing import AS_A_STREAM, LINE, find_head
from server.db.streams import Stream

LINES_A_STRETCH = 50_000

CHAIN = sql.SQL(
    """
    COPY (SELECT s.position, s.digest, {line}
            FROM trail_seal s
            LEFT JOIN trail_entry e ON e.id = s.entry_id
            LEFT JOIN act a ON a.id = e.act_id
           WHERE s.position BETWEEN {first} AND {last}
           ORDER BY s.position) TO STDOUT
    """
)
PLACE = """
    SELECT s.entry_id, e.table_name, e.row_key, e.body, e.id,
           a.at, a.face, a.action, a.request_id, a.reason,
           a.sign_in_id, a.account_id, a.staff_id, a.for_resident_id
      FROM trail_seal s
      LEFT JOIN trail_entry e ON e.id = s.entry_id
      LEFT JOIN act a ON a.id = e.act_id
     WHERE s.position = %s
"""
# As a line says who acted, in the order of the act's columns above.
WHO = (
    "at",
    "face",
    "action",
    "request",
    "reason",
    "sign_in",
    "account",
    "staff",
    "for_resident",
)
# As many lines as links lie at or before the line of the last link, unless one was slipped in.
LINES_BEHIND = """
    SELECT count(*) FROM trail_entry
     WHERE (transaction_number, id) <= (
           SELECT e.transaction_number, e.id
             FROM trail_seal s JOIN trail_entry e ON e.id = s.entry_id
            ORDER BY s.position DESC LIMIT 1)
"""
SLIPPED_IN = """
    SELECT e.id, e.table_name, e.row_key FROM trail_entry e
     WHERE NOT EXISTS (SELECT 1 FROM trail_seal s WHERE s.entry_id = e.id)
     ORDER BY e.transaction_number, e.id LIMIT 1
"""
KEPT_ANCHORS = "SELECT position, digest FROM trail_anchor WHERE position > %s ORDER BY position"

Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Verdict:
    """What was read, and the first break in it; `anchored` is the last position vouched for."""

    first: int
    last: int
    anchored: int
    broken: Break | None

    @property
    def lines(self) -> int:
        """How many lines were read, where nothing was broken."""
        return max(0, self.last - self.first + 1)


def verify(
    stream: Stream,
    city_code: str,
    anchors: Sequence[Anchor],
    *,
    first: int = 1,
    last: int | None = None,
    tell: Tell = lambda done, of: None,
) -> Verdict:
    """Read the chain from one position to another, to its end unless said; stop at a break.

    The anchors must have been read before, so that the chain can only have grown since. Beginning
    further on trusts the link before: what an interrupted reading has verified is not read again.
    """
    with stream.transaction():
        stream.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        stream.execute(AS_A_STREAM)
        reading = _Reading(stream, city_code, in_force(list(anchors)), tell)
        head = find_head(stream, city_code).position
        end = head if last is None else min(last, head)
        first = min(first, end + 1)
        broken = reading.find_break(first, end)
        if broken is None and last is None:
            broken = reading.find_what_is_missing(end)
        return Verdict(first, end, reading.anchored_until(end), broken)


class _Reading:
    """One reading of the chain, in the snapshot of its stream."""

    def __init__(
        self, stream: Stream, city_code: str, anchors: Sequence[Anchor], tell: Tell
    ) -> None:
        self._stream = stream
        self._city_code = city_code
        self._anchors = anchors
        self._digests = {anchor.position: anchor.digest for anchor in anchors}
        self._tell = tell

    def find_break(self, first: int, end: int) -> Break | None:
        """Return the first link that does not follow, is not its line's, or is not anchored so."""
        digest = self._digest_before(first)
        if digest is None:
            return self._broken(BreakKind.LINK_MISSING, first - 1)
        for begin in range(first, end + 1, LINES_A_STRETCH):
            upto = min(end, begin + LINES_A_STRETCH - 1)
            broken_at, digest = self._walk(begin, upto, digest)
            if broken_at is not None:
                return self._name(broken_at, digest)
            self._tell(upto, end)
        return None

    def find_what_is_missing(self, head: int) -> Break | None:
        """Return what a chain that is whole in itself still lacks, or has too much."""
        if self._anchors and self._anchors[-1].position > head:
            return self._broken(BreakKind.TAIL_CUT, head + 1)
        behind: Any = self._stream.execute(LINES_BEHIND).fetchone()
        if behind[0] != head:
            slipped: Any = self._stream.execute(SLIPPED_IN).fetchone()
            return self._broken(BreakKind.ENTRY_INSERTED, head, *slipped)
        return self._find_lost_anchor()

    def anchored_until(self, end: int) -> int:
        """Return the last position up to there that an anchor vouches for."""
        return max((one.position for one in self._anchors if one.position <= end), default=0)

    def _walk(self, first: int, last: int, digest: bytes) -> tuple[int | None, bytes]:
        """Follow a stretch of links; answers where it breaks, and the digest reached.

        A stretch is read to its end even then: a stream that is broken off ends its transaction.
        """
        expected, anchored = first, self._digests
        rows = self._rows(first, last)
        for row in rows:
            position, stored, line = row.split(b"\t", 2)
            found = sha256(digest + line)
            if found.hexdigest().encode() != stored[3:] or int(position) != expected:
                return _drained(rows, expected, digest)
            digest = found.digest()
            if expected in anchored and anchored[expected] != digest:
                return _drained(rows, expected, digest)
            expected += 1
        return (expected if expected <= last else None), digest

    def _rows(self, first: int, last: int) -> Iterator[bytes]:
        statement = CHAIN.format(line=LINE, first=sql.Literal(first), last=sql.Literal(last))
        with self._stream.cursor().copy(statement) as copy:
            yield from map(bytes, copy)

    def _digest_before(self, first: int) -> bytes | None:
        if first == 1:
            return genesis_of(self._city_code)
        asked = "SELECT digest FROM trail_seal WHERE position = %s"
        row = self._stream.execute(asked, (first - 1,)).fetchone()
        return bytes(row[0]) if row is not None else None

    def _name(self, position: int, digest: bytes) -> Break:
        """Say what is wrong with the link at the position, where the reading stopped."""
        row = self._stream.execute(PLACE, (position,)).fetchone()
        if row is None:
            return self._broken(BreakKind.LINK_MISSING, position)
        entry_id, table, key, body, is_there, *act = row
        if is_there is None:
            return self._broken(BreakKind.ENTRY_DELETED, position, entry_id)
        if self._is_reached(position, digest):
            return self._broken(BreakKind.CHAIN_REBUILT, position, entry_id, table, key)
        kind = BreakKind.ENTRY_CHANGED if _says_who(body, act) else BreakKind.ACT_CHANGED
        return self._broken(kind, position, entry_id, table, key)

    def _is_reached(self, position: int, digest: bytes) -> bool:
        """The link does follow from its line and all before, and only an anchor is against it."""
        asked = "SELECT 1 FROM trail_seal WHERE position = %s AND digest = %s"
        return self._stream.execute(asked, (position, digest)).fetchone() is not None

    def _find_lost_anchor(self) -> Break | None:
        """An anchor that the database knows is missing outside, though nobody takes lines away."""
        outside = {(anchor.position, anchor.digest) for anchor in self._anchors}
        begun = self._anchors[0] if self._anchors else None
        since = begun.position if begun is not None and begun.restored else 0
        for position, digest in self._stream.execute(KEPT_ANCHORS, (since,)):
            if (position, bytes(digest)) not in outside:
                return self._broken(BreakKind.ANCHOR_LOST, position)
        return None

    def _broken(
        self,
        kind: BreakKind,
        position: int,
        entry_id: int | None = None,
        table: str | None = None,
        key: str | None = None,
    ) -> Break:
        until = self.anchored_until(position - 1)
        return Break(kind, position, entry_id, table or "", key or "", until)


def _drained(rows: Iterator[bytes], position: int, digest: bytes) -> tuple[int, bytes]:
    for _ in rows:
        pass
    return position, digest


def _says_who(body: str, act: Sequence[Any]) -> bool:
    """True where the line says of its act what the act's row says."""
    try:
        who = dict(orjson.loads(body)["who"])
        said_at = datetime.fromisoformat(who.pop("at"))
    except (ValueError, KeyError, TypeError):
        return True  # The line itself was bent.
    at, *others = act
    known = {name: value for name, value in zip(WHO[1:], others, strict=True) if value is not None}
    return said_at == at and who == known
