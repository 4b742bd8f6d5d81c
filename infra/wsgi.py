"""The whole platform as one WSGI application: every face behind one dispatcher.

A server starts it as a factory: `granian --interface wsgi --factory infra.wsgi:create_application`.
"""

import gc
from typing import Any

from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix

from admin import app as console
from infra import logs, root, wiring
from infra.maintenance_pages import Maintenance
from infra.parenthood import end_with_parent
from infra.payment_providers import MOUNT
from infra.request_frame import Application, RequestFrame
from infra.sandbox_pay import app as sandbox
from mobile_api import app as phone_api
from mobile_api import counter_app, phone_app
from mobile_api.public_notices import app as public_notices
from mobile_api.training import check_app as certificates
from server.open_api import app as open_api
from server.settings import Payments, Settings, settings


def create_application() -> Application:
    """Read the settings, wire this process, and return what answers its requests."""
    present = settings()
    end_with_parent()
    logs.configure(present)
    wiring.wire(present)
    application = surrounded(mounted(present), present)
    _settle()
    return application


def mounted(present: Settings) -> Application:
    """Return the faces, each at its place."""
    faces: dict[str, Any] = {
        "/api": phone_api.create_app(),
        "/app/counter": counter_app.create_app(),
        "/app": phone_app.create_app(),
        "/admin": console.create_app(),
        "/open": open_api.create_app(),
        "/t": certificates.create_app(),
        "/public/notices": public_notices.create_app(),
    }
    if present.payments is Payments.SANDBOX:
        key = present.payment_key.get_secret_value().encode()
        faces[MOUNT] = sandbox.create_app(key=key, file=present.var / "sandbox-pay" / "book.db")
    return DispatcherMiddleware(root.create_app(present), faces)


def surrounded(application: Application, present: Settings) -> Application:
    """Return the application with what every request needs around it, outermost last."""
    framed: Application = RequestFrame(
        Maintenance(application, var=present.var),
        city_code=present.city,
        access_log=logs.access_logger(present),
    )
    if present.trusted_proxies:
        hops = present.trusted_proxies
        framed = ProxyFix(framed, x_for=hops, x_proto=hops, x_host=hops, x_port=hops)
    return framed


def _settle() -> None:
    """Spare the garbage collector what was made at the start and stays.

    A full look through it takes a fifth of a second, in the middle of somebody's request.
    """
    gc.collect()
    gc.freeze()
