"""Ways by road, asked of a service on this machine; without an answer nobody waits."""

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from server.places.roads import find_durations

PLACES = [(112.85, 35.49), (112.86, 35.5)]


@contextmanager
def a_service(answer):
    """A routing service that answers so; yields its address and the paths it was asked for."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/", asked
        finally:
            server.shutdown()
            thread.join()


def test_it_is_asked_for_places_alone_and_answers_in_seconds():
    with a_service({"durations": [[0, 61.4], [58.6, 0]]}) as (address, asked):
        table = find_durations(address, PLACES)

    assert table.tolist() == [[0, 61], [59, 0]]
    where = "112.85000,35.49000;112.86000,35.50000"
    assert asked == [f"/table/v1/driving/{where}?annotations=duration"]


@pytest.mark.parametrize(
    "answer", [{"code": "NoTable"}, {"durations": [[0, None], [1, 0]]}, {"durations": [[0]]}, []]
)
def test_an_answer_without_every_way_is_none(answer):
    with a_service(answer) as (address, _):
        assert find_durations(address, PLACES) is None


def test_a_service_that_is_away_is_none():
    assert find_durations("http://127.0.0.1:9", PLACES) is None
