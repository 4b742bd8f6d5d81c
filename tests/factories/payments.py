"""The sandbox of payments as a server of its own, spoken to by HTTP, and payments made with it."""

from datetime import timedelta
from itertools import count
from pathlib import Path
from queue import Queue
from tempfile import TemporaryDirectory
from threading import Thread

import urllib3
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from infra.payment_providers.sandbox import SandboxProvider
from infra.sandbox_pay.app import create_app
from server import clock
from server.payments import providing
from server.payments.models import Payment, ProviderName, Purpose
from server.payments.providing import Outcome, Standing
from server.payments.service import open_payment, order_of

KEY = b"for tests"
MINUTES = timedelta(minutes=15)
_transactions = count(1)


class Sandbox:
    """A running sandbox, its adapter, and a letter box into which its notices fall."""

    def __init__(self):
        self.letters = Queue()
        self._folder = TemporaryDirectory(prefix="sandbox-pay-")
        app = create_app(key=KEY, file=Path(self._folder.name) / "book.db")
        faces = {"/sandbox-pay": app}
        self._server = make_server("127.0.0.1", 0, DispatcherMiddleware(self._box, faces), True)
        self.url = f"http://127.0.0.1:{self._server.port}"
        self.provider = SandboxProvider(
            f"{self.url}/sandbox-pay", key=KEY, notify_url=f"{self.url}/letters"
        )
        self._pool = urllib3.PoolManager()
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def _box(self, environ, start_response):
        request = Request(environ)
        self.letters.put((dict(request.headers), request.get_data()))
        return Response("taken")(environ, start_response)

    def press(self, pay_url, way="pay"):
        """Press a button of the page, and return where the payer is sent then."""
        answer = self._pool.request_encode_body(
            "POST", self.url + pay_url, {"way": way}, encode_multipart=False, redirect=False
        )
        return answer.status, answer.headers.get("Location")

    def letter(self):
        """Return (headers, body) of the next notice."""
        return self.letters.get(timeout=5)

    def stop(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._pool.clear()
        self.provider._pool.clear()
        self._folder.cleanup()


class NobodysProvider:
    """A provider that takes every order and is never asked anything else."""

    name = ProviderName.SANDBOX
    signed_headers = ()

    def place(self, order):
        return f"/pay/{order.number}"


def make_payment(session, resident, canteen, amount_fen=5000, **given) -> Payment:
    """Somebody wishes to pay in; the provider is not told."""
    if providing.present_provider() is None:
        providing.hold(NobodysProvider())
    return open_payment(
        session,
        purpose=Purpose.WALLET_TOP_UP,
        site_id=canteen.site_id,
        resident_id=resident.id,
        amount_fen=amount_fen,
        **{"lasts": MINUTES} | given,
    )


def place(sandbox, payment):
    """Tell the sandbox of a payment and return its page."""
    return sandbox.provider.place(order_of(payment, return_path="/app/top-ups/1"))


def paid(payment, **given):
    """What a provider says of a payment that was paid."""
    told = {
        "number": payment.number,
        "outcome": Outcome.PAID,
        "amount_fen": payment.amount_fen,
        "transaction_number": f"S{next(_transactions):026}",
        "at": clock.now(),
    }
    return Standing(**told | given)
