"""Tell the provider of a payment, after it was kept: no connection is held while it answers."""

import logging
from dataclasses import replace

from server.db.acts import acting, current_act
from server.db.sessions import transaction
from server.payments.providing import Order, ProviderUnreachable, present_provider
from server.payments.service import note_placed

log = logging.getLogger(__name__)


def place_order(payment_id: int, order: Order) -> bool:
    """Place the order and note where it is paid; False where the provider does not answer.

    What was not placed is asked about by the timetable, and lapses.
    """
    provider = present_provider()
    if provider is None:
        return False
    try:
        pay_url = provider.place(order)
    except ProviderUnreachable as error:
        log.warning(
            "a payment could not be placed", extra={"payment_id": payment_id, "why": str(error)}
        )
        return False
    with acting(replace(current_act(), service=True, token=None)), transaction() as session:
        return note_placed(session, payment_id, pay_url)
