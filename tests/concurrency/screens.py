"""A console of its own in a process of its own, which is asked for a page and says what it got."""

from contextlib import contextmanager
from multiprocessing import get_context

from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client
from werkzeug.wrappers import Response

from admin.app import create_app
from infra.wiring import HANDLERS
from server import events
from server.db import sessions
from server.db.cities import in_city
from server.db.engines import make_engine
from server.secrets import fields
from tests.cities import CITY, CONTEXT_KEY, FIELD_KEYS, INDEX_KEY


def wire(app_url):
    """Give this process what `infra.wiring` gives one in service."""
    fields.hold(fields.keyring_from(FIELD_KEYS, INDEX_KEY))
    sessions.use_context_key(CONTEXT_KEY)
    events.wire(HANDLERS)
    sessions.session_factory.configure(bind=make_engine(app_url, pool_size=2))


def show(app_url, token, path, asked):
    """Answer every question with the status and the body of one more look at the page."""
    wire(app_url)
    client = Client(DispatcherMiddleware(Response(status=404), {"/admin": create_app()}))
    client.set_cookie("yinling_console", token, path="/admin")
    headers = {"HX-Request": "true", "Accept-Language": "zh-CN"}
    with in_city(CITY):
        while asked.recv():
            answer = client.get(f"/admin{path}", headers=headers)
            headers["If-None-Match"] = answer.headers.get("ETag", "")
            asked.send((answer.status_code, answer.text))


@contextmanager
def second_screen(database, token, path):
    """Yield a function that looks once at the page from another process."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=show, args=(database.app_url, token, path, theirs))
    process.start()

    def look():
        ours.send(True)
        assert ours.poll(60), "the other screen does not answer"
        return ours.recv()

    try:
        yield look
    finally:
        ours.send(False)
        process.join(timeout=30)
