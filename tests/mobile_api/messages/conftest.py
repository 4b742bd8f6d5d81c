"""Messages in the inbox of a phone's account."""

from datetime import timedelta

import pytest

from server import clock
from server.notifications.models import Channel
from server.notifications.service import Asked, ask_for_messages


@pytest.fixture
def written(session, account):
    """Three messages to the account's own phone, a minute apart."""

    def write(count=3):
        now = clock.now()
        ask_for_messages(
            session,
            [
                Asked(account.phone, "zh-CN", Channel.SMS, "care_order.cancelled",
                      f"order:{number}:{count}", {"time": f"11-2{number} 09:00"},
                      now - timedelta(minutes=number + 1))
                for number in range(count)
            ],
        )  # fmt: skip

    write()
    return write
