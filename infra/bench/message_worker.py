"""One worker that delivers messages and does nothing else; started by `infra.bench.messages`."""

from threading import Event

from infra.wiring import wire
from scheduler.delivery import deliver_until
from scheduler.gateways import gateway_for
from scheduler.nudges import Nudges
from server.settings import settings


def main() -> None:
    """Deliver until somebody kills this process."""
    present, stop = settings(), Event()
    wire(present)
    assert present.database_url is not None
    nudges = Nudges(present.database_url.get_secret_value(), present.city, stop)
    deliver_until(stop, city_code=present.city, gateway=gateway_for(present), nudges=nudges)


if __name__ == "__main__":
    main()
