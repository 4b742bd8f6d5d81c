"""Workers are killed again and again while they deliver: nothing is lost, little is repeated."""

import random
import signal
from datetime import timedelta

import pytest
from sqlalchemy import text

from scheduler.delivery import BATCH
from server import clock
from server.db.sessions import transaction
from server.notifications.models import Channel
from server.notifications.rules import LEASE
from server.notifications.service import Asked, ask_for_messages
from tests.scheduler.provider import Provider, started, until

pytestmark = pytest.mark.soak

MESSAGES, KILLS, SEED = 1500, 10, 1405
PAST_A_LEASE_S = int(LEASE.total_seconds()) + 5


def count_open():
    query = text("SELECT count(*) FROM message WHERE status IN ('waiting', 'leased')")
    with transaction(writes=False) as session:
        return session.execute(query).scalar_one()


def test_kills_at_random_lose_nothing_and_repeat_only_what_was_held(own_city, as_platform):
    due_at = clock.now() - timedelta(seconds=1)
    with transaction() as session:
        ask_for_messages(
            session,
            [
                Asked(f"+86138{number:08}", "zh-CN", Channel.SMS, "identity.sign_in_code",
                      f"soak:{number}", {"code": "048213"}, due_at)
                for number in range(MESSAGES)
            ],
        )  # fmt: skip
    chance = random.Random(SEED)
    with Provider(takes_s=0.005).open() as provider:
        sms = {"YINLING_SMS_GATEWAY": "http", "YINLING_SMS_URL": provider.url}
        for kill in range(KILLS):
            more = chance.randint(1, MESSAGES // (KILLS + 1))
            goal = min(len(provider.asked) + more, MESSAGES)
            shift = {"YINLING_CLOCK_SHIFT_SECONDS": str(kill * PAST_A_LEASE_S)}
            with started("tests.scheduler.ticking", own_city, **sms, **shift) as worker:
                until(lambda goal=goal: len(provider.asked) >= goal)
                worker.send_signal(signal.SIGKILL)
        shift = {"YINLING_CLOCK_SHIFT_SECONDS": str(KILLS * PAST_A_LEASE_S)}
        with started("tests.scheduler.ticking", own_city, **sms, **shift) as last:
            until(lambda: count_open() == 0)
            last.terminate()

    repeated = sum(times - 1 for times in provider.asked.values())
    assert len(provider.asked) == MESSAGES, f"lost (seed {SEED})"
    assert repeated <= KILLS * BATCH, f"repeated {repeated} (seed {SEED})"
