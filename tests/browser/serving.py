"""Serves a small demo city of its own, as a process that a browser test starts and ends.

`python -m tests.browser.serving` prints its address when it is ready, and ends with SIGTERM.
"""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from werkzeug.serving import make_server

from infra.cities import add_city
from infra.demo.loading import load_demo
from infra.processes import Platform
from infra.wsgi import create_application
from server.db.cities import in_city

CITY = "1405"
RESIDENTS = 200
READY = "ready at "


@contextmanager
def demo_city() -> Iterator[None]:
    """The embedded server with a city of 200 residents, two weeks of menus and all offices."""
    platform = Platform(CITY, say=lambda sentence: None)
    try:
        platform.wire()
        key = platform.settings.context_key.get_secret_value()
        add_city(CITY, owner=platform.owner(), context_key=key)
        with in_city(CITY):
            load_demo(residents=RESIDENTS)
        yield
    finally:
        platform.close()


def main() -> None:
    """Serve until told to end."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with demo_city():
        server = make_server("127.0.0.1", 0, create_application(), threaded=True)
        sys.stdout.write(f"{READY}http://127.0.0.1:{server.port}\n")
        sys.stdout.flush()
        server.serve_forever()


if __name__ == "__main__":
    main()
