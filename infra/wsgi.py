"""The whole platform as one WSGI application: every face behind one dispatcher.

A server starts it as a factory: `granian --interface wsgi --factory infra.wsgi:create_application`.
"""

from typing import Any

from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix

from admin import app as console
from infra import logs, root, wiring
from infra.maintenance_pages import Maintenance
from infra.parenthood import end_with_parent
from infra.request_frame import Application, RequestFrame
from mobile_api import app as phone_api
from mobile_api import phone_app
from server.open_api import app as open_api
from server.settings import Settings, settings


def create_application() -> Application:
    """Read the settings, wire this process, and return what answers its requests."""
    present = settings()
    end_with_parent()
    logs.configure(present)
    wiring.wire(present)
    return surrounded(mounted(present), present)


def mounted(present: Settings) -> Application:
    """Return the faces, each at its place."""
    faces: dict[str, Any] = {
        "/api": phone_api.create_app(),
        "/app": phone_app.create_app(),
        "/admin": console.create_app(),
        "/open": open_api.create_app(),
    }
    return DispatcherMiddleware(root.create_app(present), faces)


def surrounded(application: Application, present: Settings) -> Application:
    """Return the application with what every request needs around it, outermost last."""
    framed: Application = RequestFrame(
        Maintenance(application, var=present.var), city_code=present.city
    )
    if present.trusted_proxies:
        hops = present.trusted_proxies
        framed = ProxyFix(framed, x_for=hops, x_proto=hops, x_host=hops, x_port=hops)
    return framed
