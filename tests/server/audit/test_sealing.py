"""Lines are sealed in the order of their commits, each once, by whoever comes first."""

import threading

import pytest
from sqlalchemy import create_engine, text

from server.audit.anchors import last_anchor, read_anchors
from server.audit.rules import genesis_of, link
from server.audit.sealing import LINE, anchor, find_head, seal
from server.db.sessions import transaction
from server.db.streams import open_stream
from tests.cities import CITY
from tests.factories.people import make_resident


@pytest.fixture
def begun(trail):
    """Whatever setting the city up has written is sealed already; returns the head's position."""
    trail.seal()
    return max(trail.positions(), default=0)


def test_every_line_is_sealed_once_and_in_order(trail, stream):
    trail.change(3)

    assert trail.seal(batch=2) > 3
    assert trail.seal() == 0

    lines = stream.execute("SELECT id FROM trail_entry ORDER BY transaction_number, id").fetchall()
    assert trail.positions() == {n: entry for n, (entry,) in enumerate(lines, start=1)}


def test_sealing_stops_between_two_batches_when_the_process_ends(trail, stream, begun):
    trail.change(5)

    assert seal(stream, CITY, batch=2, may_go_on=lambda: False) == 2
    assert seal(stream, CITY, batch=2) == 3


def test_a_link_is_the_digest_of_the_link_before_and_of_the_line_as_copied(trail, stream, begun):
    trail.change()
    before = find_head(stream, CITY)
    trail.seal()

    query = f"SELECT {LINE.as_string()} FROM trail_entry e JOIN act a ON a.id = e.act_id"
    with stream.cursor().copy(f"COPY ({query} ORDER BY e.id DESC LIMIT 1) TO STDOUT") as copy:
        (line,) = map(bytes, copy)
    assert find_head(stream, CITY).digest == link(before.digest, line)


def test_chains_of_two_cities_begin_differently():
    assert genesis_of("1405") != genesis_of("3213")


def test_a_line_waits_for_every_older_transaction_that_still_runs(trail, own_city, begun):
    """The older one may yet write lines, and commits after the younger."""
    engine = create_engine(own_city.owner_url)
    with engine.connect() as older:
        older.execute(text("SELECT pg_current_xact_id()"))
        trail.change()
        assert trail.seal() == 0
        older.commit()
    engine.dispose()

    assert trail.seal() == 1


def test_lines_follow_the_order_of_their_transactions_not_of_their_numbers(
    trail, stream, begun, as_platform
):
    """The first transaction takes its number first and writes its line last."""
    with transaction() as first:
        first.execute(text("SELECT pg_current_xact_id()"))
        trail.change()
        make_resident(first)

    assert trail.seal() == 2
    one, other = list(trail.positions().values())[-2:]
    assert one > other
    assert trail.verify().broken is None


def test_two_sealers_at_once_make_one_chain(trail, own_city, stream, begun):
    trail.change(30)

    def run():
        with open_stream(own_city.sealer_url, CITY, name="other") as other:
            seal(other, CITY, batch=3)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    trail.seal()

    positions = trail.positions()
    assert list(positions) == list(range(1, begun + 31))
    assert trail.verify().broken is None


def test_the_head_is_anchored_outside_once_a_position(trail, stream, begun):
    trail.change(2)
    trail.seal()
    trail.seal()

    first, second = read_anchors(trail.path)
    head = find_head(stream, CITY)
    assert (first.position, second.position) == (begun, begun + 2)
    assert (second.city, second.digest) == (CITY, head.digest)
    kept = stream.execute("SELECT position, digest FROM trail_anchor ORDER BY 1").fetchall()
    assert kept == [(one.position, one.digest) for one in (first, second)]


def test_a_crash_between_the_file_and_the_table_is_made_good(trail, stream, superuser, begun):
    superuser("DELETE FROM trail_anchor")

    anchor(stream, CITY, trail.path)

    assert len(read_anchors(trail.path)) == 1
    assert stream.execute("SELECT count(*) FROM trail_anchor").fetchone() == (1,)


def test_a_line_that_a_crash_tore_spoils_no_other(trail, stream, begun):
    with trail.path.open("a") as file:
        file.write('{"city":"1405","posi')
    trail.change()
    trail.seal()

    assert last_anchor(trail.path).position == begun + 1
    assert [one.position for one in read_anchors(trail.path)] == [begun, begun + 1]
    assert trail.verify().broken is None


def test_an_empty_trail_has_nothing_to_anchor(stream, superuser, path):
    superuser("TRUNCATE trail_anchor, trail_seal, trail_entry CASCADE")

    assert seal(stream, CITY) == 0
    assert anchor(stream, CITY, path) is None
    assert not path.exists()
