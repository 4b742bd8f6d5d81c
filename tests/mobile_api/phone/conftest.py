"""The phone app's pages, mounted as they are in the city."""

import pytest
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client
from werkzeug.wrappers import Response

from mobile_api.phone_app import create_app


@pytest.fixture(scope="session")
def pages() -> Client:
    """A client of the site whose `/app` is the phone app."""
    site = DispatcherMiddleware(Response("nothing here", 404), {"/app": create_app()})
    return Client(site)
