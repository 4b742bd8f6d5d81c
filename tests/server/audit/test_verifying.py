"""Whoever holds the database itself cannot bend the trail unnoticed."""

import re
from datetime import timedelta

import pytest

from server import clock
from server.audit.anchors import append_anchor, read_anchors
from server.audit.rules import Anchor, BreakKind
from server.audit.sealing import anchor, find_head, seal
from server.audit.verifying import verify
from tests.cities import CITY

LINES = 9


@pytest.fixture
def sealed(trail):
    """A chain with an anchor in its middle and one at its end; returns the last position."""
    trail.change(4)
    trail.seal()
    trail.change(5)
    trail.seal()
    return max(trail.positions())


def at(trail, position):
    """The line that is sealed in this place."""
    return trail.positions()[position]


def test_a_trail_that_nobody_touched_is_whole(trail, sealed):
    verdict = trail.verify()

    assert verdict.broken is None
    assert (verdict.first, verdict.last, verdict.anchored) == (1, sealed, sealed)


# Edited


@pytest.mark.parametrize(
    "bend",
    [
        "UPDATE trail_entry SET body = replace(body, '赵', '钱') WHERE id = :line",
        "UPDATE trail_entry SET body = 'not even JSON' WHERE id = :line",
        "UPDATE trail_entry SET row_key = '1' WHERE id = :line",
        "UPDATE trail_entry SET table_name = 'staff' WHERE id = :line",
        "UPDATE trail_seal SET digest = sha256('mine') WHERE entry_id = :line",
    ],
)
def test_an_edited_line_is_named(trail, sealed, superuser, bend):
    line = at(trail, sealed - 2)
    superuser(bend, line=line)

    broken = trail.verify().broken

    assert (broken.kind, broken.position, broken.entry_id) == (
        BreakKind.ENTRY_CHANGED, sealed - 2, line,
    )  # fmt: skip
    assert broken.whole_until == read_anchors(trail.path)[0].position


ITS_ACT = "(SELECT act_id FROM trail_entry WHERE id = :line)"


@pytest.mark.parametrize(
    "bend",
    [
        f"UPDATE act SET action = 'harmless' WHERE id = {ITS_ACT}",
        f"UPDATE act SET at = at - interval '1 day' WHERE id = {ITS_ACT}",
        f"UPDATE act SET staff_id = 7 WHERE id = {ITS_ACT}",
        f"DELETE FROM act WHERE id = {ITS_ACT}",
    ],
)
def test_another_act_behind_a_line_is_named(trail, sealed, superuser, bend):
    superuser(bend, line=at(trail, sealed - 1))

    broken = trail.verify().broken

    assert (broken.kind, broken.position) == (BreakKind.ACT_CHANGED, sealed - 1)


def test_a_line_that_points_to_another_act_is_named(trail, sealed, superuser):
    superuser(
        "UPDATE trail_entry SET act_id = act_id - 1 WHERE id = :line", line=at(trail, sealed - 1)
    )

    assert trail.verify().broken.position == sealed - 1


def test_a_changed_act_is_told_from_a_changed_line(trail, sealed, superuser):
    superuser(f"UPDATE act SET reason = 'made up' WHERE id = {ITS_ACT}", line=at(trail, sealed))
    assert trail.verify().broken.kind is BreakKind.ACT_CHANGED

    superuser(f"UPDATE act SET reason = NULL WHERE id = {ITS_ACT}", line=at(trail, sealed))
    assert trail.verify().broken is None


# Deleted


def test_a_deleted_line_is_named(trail, sealed, superuser):
    line = at(trail, 3)
    superuser("DELETE FROM trail_entry WHERE id = :line", line=line)

    broken = trail.verify().broken

    assert (broken.kind, broken.position, broken.entry_id) == (BreakKind.ENTRY_DELETED, 3, line)


def test_a_line_deleted_with_its_link_is_named(trail, sealed, superuser):
    superuser(
        "DELETE FROM trail_entry WHERE id = :line",
        "DELETE FROM trail_seal WHERE entry_id = :line",
        line=at(trail, 3),
    )

    broken = trail.verify().broken

    assert (broken.kind, broken.position) == (BreakKind.LINK_MISSING, 3)


# Inserted


INSERTED = """
    INSERT INTO trail_entry (act_id, transaction_number, table_name, row_key, body)
    SELECT act_id, transaction_number, table_name, row_key, body FROM trail_entry WHERE id = :line
"""


def test_a_line_slipped_in_before_the_last_is_named(trail, sealed, superuser):
    superuser(INSERTED, line=at(trail, 3))

    broken = trail.verify().broken

    assert broken.kind is BreakKind.ENTRY_INSERTED
    assert broken.entry_id > max(trail.positions().values())


def test_a_line_slipped_in_with_a_link_is_named(trail, sealed, superuser):
    superuser(
        "UPDATE trail_seal SET position = position + 1000000 WHERE position >= 4",
        "UPDATE trail_seal SET position = position - 999999 WHERE position >= 1000000",
        INSERTED,
        "INSERT INTO trail_seal SELECT 4, max(id), sha256('mine') FROM trail_entry",
        line=at(trail, 3),
    )

    broken = trail.verify().broken

    assert (broken.kind, broken.position) == (BreakKind.ENTRY_CHANGED, 4)


def test_a_line_that_the_sealer_was_made_to_pass_over_is_named(trail, sealed, superuser):
    """A higher transaction number on the last line hides whatever is written after it."""
    superuser("UPDATE trail_entry SET transaction_number = '9999999' WHERE id = :line",
              line=at(trail, sealed))  # fmt: skip
    trail.change()
    trail.seal()

    assert trail.verify().broken.kind is BreakKind.ENTRY_INSERTED


# Reordered


def test_two_lines_in_each_others_place_are_named(trail, sealed, superuser):
    one, other = at(trail, 5), at(trail, 6)
    superuser(
        "UPDATE trail_seal SET entry_id = -1 WHERE entry_id = :one",
        "UPDATE trail_seal SET entry_id = :one WHERE entry_id = :other",
        "UPDATE trail_seal SET entry_id = :other WHERE entry_id = -1",
        one=one,
        other=other,
    )

    assert (trail.verify().broken.kind, trail.verify().broken.position) == (
        BreakKind.ENTRY_CHANGED,
        5,
    )


# Cut


@pytest.mark.parametrize("goes_on", [False, True], ids=["and-left", "and-sealed-on"])
def test_a_cut_tail_is_named(trail, sealed, superuser, goes_on):
    superuser(
        "DELETE FROM trail_anchor WHERE position > :last",
        "DELETE FROM trail_entry e USING trail_seal s"
        " WHERE s.entry_id = e.id AND s.position > :last",
        "DELETE FROM trail_seal WHERE position > :last",
        last=sealed - 2,
    )
    if goes_on:
        trail.change(3)
        trail.seal()

    broken = trail.verify().broken

    expected = BreakKind.CHAIN_REBUILT if goes_on else BreakKind.TAIL_CUT
    assert broken.kind is expected
    assert broken.position == (sealed if goes_on else sealed - 1)
    assert broken.whole_until == read_anchors(trail.path)[0].position


def test_a_trail_that_was_emptied_is_named(trail, sealed, superuser):
    superuser("TRUNCATE trail_anchor, trail_seal, trail_entry CASCADE")

    assert (trail.verify().broken.kind, trail.verify().broken.position) == (BreakKind.TAIL_CUT, 1)


def test_links_that_were_taken_away_alone_come_back_as_they_were(trail, sealed, superuser):
    """The order and the lines decide the chain: nothing is lost, and nothing is reported."""
    superuser("TRUNCATE trail_anchor, trail_seal")

    trail.seal()

    assert trail.verify().broken is None
    assert max(trail.positions()) == sealed


# Rebuilt


def test_a_chain_rebuilt_from_its_middle_is_named(trail, sealed, superuser, stream):
    """The line is edited, and every link from there on computed anew: only the anchors tell."""
    middle = read_anchors(trail.path)[0].position
    superuser(
        "UPDATE trail_entry SET body = replace(body, '赵', '钱') WHERE id = :line",
        "DELETE FROM trail_anchor WHERE position > :middle",
        "DELETE FROM trail_seal WHERE position > :middle",
        line=at(trail, middle + 2),
        middle=middle,
    )
    seal(stream, CITY)
    assert max(trail.positions()) == sealed
    assert verify(stream, CITY, []).broken is not None  # the table still knows the first anchor

    broken = trail.verify().broken

    assert (broken.kind, broken.position) == (BreakKind.CHAIN_REBUILT, sealed)
    assert broken.whole_until == middle


def test_a_rebuilt_chain_stays_broken_however_long_it_goes_on(trail, sealed, superuser, stream):
    superuser(
        "UPDATE trail_entry SET body = replace(body, '赵', '钱')",
        "TRUNCATE trail_anchor, trail_seal",
    )
    trail.seal()
    trail.change(3)
    trail.seal()

    assert trail.verify().broken.kind is BreakKind.CHAIN_REBUILT


# The anchors themselves


def test_an_anchor_that_was_taken_out_of_the_file_is_missed(trail, sealed):
    lines = trail.path.read_text().splitlines(keepends=True)
    trail.path.write_text("".join(lines[:-1]))

    broken = trail.verify().broken

    assert (broken.kind, broken.position) == (BreakKind.ANCHOR_LOST, sealed)


def test_a_bent_anchor_is_noticed(trail, sealed):
    text = trail.path.read_text()
    trail.path.write_text(re.sub(r'"digest":"..', '"digest":"00', text))

    assert trail.verify().broken.kind is BreakKind.CHAIN_REBUILT


def test_a_file_that_is_gone_is_noticed(trail, sealed):
    trail.path.unlink()

    assert trail.verify().broken.kind is BreakKind.ANCHOR_LOST


def test_what_a_restore_took_back_is_not_missed(trail, sealed, superuser, stream):
    """A city from an older backup lacks its newest lines; the file says why."""
    superuser(
        "DELETE FROM trail_anchor WHERE position > :last",
        "DELETE FROM trail_entry e USING trail_seal s"
        " WHERE s.entry_id = e.id AND s.position > :last",
        "DELETE FROM trail_seal WHERE position > :last",
        last=sealed - 2,
    )
    head = find_head(stream, CITY)
    append_anchor(trail.path, Anchor(CITY, head.position, head.digest, clock.now(), restored=True))
    trail.change(5)
    trail.seal()

    verdict = trail.verify()

    assert verdict.broken is None
    assert verdict.anchored == max(trail.positions()) == sealed + 3


# In parts


def test_a_reading_can_begin_and_end_anywhere(trail, sealed, superuser):
    superuser("UPDATE trail_entry SET row_key = '1' WHERE id = :line", line=at(trail, 4))

    assert trail.verify(first=1, last=3).broken is None
    assert trail.verify(first=4, last=sealed).broken.position == 4
    assert trail.verify(first=5).broken is None
    assert (trail.verify(first=sealed + 9).broken, trail.verify(first=sealed + 9).lines) == (
        None,
        0,
    )


def test_a_reading_in_stretches_tells_how_far_it_is(trail, sealed, monkeypatch):
    monkeypatch.setattr("server.audit.verifying.LINES_A_STRETCH", 3)
    told = []

    verdict = trail.verify(tell=lambda done, of: told.append((done, of)))

    assert verdict.broken is None
    assert told[0] == (3, sealed)
    assert told[-1] == (sealed, sealed)
    assert len(told) == -(-sealed // 3)


def test_what_is_not_sealed_yet_is_no_break(trail, sealed):
    trail.change(2)

    verdict = trail.verify()

    assert (verdict.broken, verdict.last) == (None, sealed)


def test_the_anchor_of_a_moment_says_when(trail, sealed, stream, monkeypatch):
    monkeypatch.setattr("server.clock.SHIFT", timedelta(days=2))
    trail.change()
    seal(stream, CITY)
    anchored = anchor(stream, CITY, trail.path)

    assert anchored.at - read_anchors(trail.path)[0].at > timedelta(days=1)
