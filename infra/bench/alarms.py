"""How soon a call for help stands on the duty desk: `python -m infra.bench.alarms`.

Gateways send heartbeats all the while. Each call goes the full way (key, limit, log, act, the
first in the order called), and a desk that asks without pause tells when the row is there. Desks
ask every two seconds: what they see is at most so much later. Lies under `var/bench-heartbeats`.
"""

import http.client
import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import click
from sqlmodel import Session

from admin.cookies import TOKEN
from infra.bench.cities import city_of_its_own, machine
from infra.bench.client import percentile
from infra.bench.heartbeats import VAR, _fill, _key, _send
from infra.bench.serving import served
from server import clock
from server.db.sessions import transaction
from server.facilities.returns.batches import give_sites
from server.identity.models import Role, Staff, StaffRole
from server.identity.scopes import ALARMS
from server.identity.service.api_keys import issue_key
from server.identity.service.sign_ins import open_sign_in

GOAL_S = 2.0
SETTLES_S = 2
PATIENCE_S = 20


@click.command()
@click.option("--beds", default=400, show_default=True, help="Homes, each with two devices.")
@click.option("--calls", default=40, show_default=True, help="Calls for help, one after another.")
@click.option("--gateways", default=2, show_default=True, help="How many send heartbeats.")
def main(beds: int, calls: int, gateways: int) -> None:
    """Measure from the press to the row on the desk, with heartbeats going."""
    with city_of_its_own(VAR, YINLING_RATE_LIMITS="0") as platform:
        serials = [serial for _, serial in _fill(platform, beds)]
        with platform.working("bench.alarms") as settings:
            with transaction() as session:
                beats, key, desk = _key(session), _key_for_alarms(session), _sit_down(session)
            with served(settings, said=VAR / "server.log") as server, ThreadPoolExecutor(1) as pool:
                lasts = calls // 2 + SETTLES_S
                going = pool.submit(_send, server.port, beats, serials, lasts, gateways)
                time.sleep(SETTLES_S)
                took = _call(server.port, key, desk, serials[:: len(serials) // calls][:calls])
                sent, _ = going.result()
    answered, shown = (sorted(one[part] for one in took) for part in (0, 1))
    mark = "✓" if percentile(shown, 0.95) <= GOAL_S else "✗"
    click.echo(
        f"{len(took)} calls with {sent / lasts:,.0f} heartbeats a second: answered p50"
        f" {_ms(answered, 0.5)}, p95 {_ms(answered, 0.95)}; on the desk p50 {_ms(shown, 0.5)},"
        f" p95 {_ms(shown, 0.95)}, at most {_ms(shown, 1)} (≤ {GOAL_S:.0f} s {mark})\n{machine()}"
    )


def _call(port: int, key: str, desk: str, serials: Sequence[str]) -> list[tuple[float, float]]:
    """Return of each call the seconds until it was answered, and until the desk showed it."""
    gate = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    eye = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    return [_one(gate, eye, key, desk, serial) for serial in serials]


def _one(
    gate: http.client.HTTPConnection, eye: http.client.HTTPConnection, key: str, desk: str,
    serial: str,
) -> tuple[float, float]:  # fmt: skip
    before = _look(eye, desk)
    headers = {
        "Authorization": f"Bearer {key}", "Purpose": "bench", "Content-Type": "application/json",
    }  # fmt: skip
    signal = {
        "serial": serial, "event_id": uuid4().hex, "kind": "sos", "at": clock.now().isoformat(),
    }  # fmt: skip
    began = time.monotonic()
    gate.request("POST", "/open/v1/alarms", body=json.dumps({"alarms": [signal]}), headers=headers)
    answer = gate.getresponse()
    said = answer.read()
    if answer.status != 200 or b"raised" not in said:
        raise click.ClickException(f"{answer.status}: {said[:300]!r}")
    answered = time.monotonic() - began
    while time.monotonic() - began < PATIENCE_S:
        if _look(eye, desk) > before:
            return answered, time.monotonic() - began
    raise click.ClickException("the desk never showed it")


def _look(eye: http.client.HTTPConnection, desk: str) -> int:
    """Return how many calls for help the desk shows."""
    headers = {"Cookie": f"{TOKEN}={desk}", "HX-Request": "true"}
    eye.request("GET", "/admin/homecare/alarms/live", headers=headers)
    answer = eye.getresponse()
    page = answer.read()
    if answer.status != 200:
        raise click.ClickException(f"the desk: {answer.status}")
    return page.count(b"<article")


def _key_for_alarms(session: Session) -> str:
    issued = issue_key(
        session, owner="bench", purpose="alarms", scopes=[ALARMS], fields=["outcome"],
        rate_per_minute=60_000, days=1,
    )  # fmt: skip
    give_sites(session, issued.key.id, _sites(session))
    return issued.token


def _sites(session: Session) -> list[int]:
    query = "SELECT id FROM site WHERE id >= 1000000 ORDER BY id"
    return list(session.connection().exec_driver_sql(query).scalars())


def _sit_down(session: Session) -> str:
    """Somebody on duty for every provider; returns the token of the desk."""
    staff = Staff(sign_in_name=f"bench-{uuid4().hex[:8]}", display_name="bench")
    session.add(staff)
    session.flush()
    role, since = Role.HOME_CARE_PROVIDER, clock.today() - timedelta(days=1)
    session.add_all(
        StaffRole(staff_id=staff.id, role=role, site_id=site, starts_on=since)
        for site in _sites(session)
    )
    return open_sign_in(
        session, staff_id=staff.id, device_label="", now=clock.now(), lasts=timedelta(days=1),
        second_factor_at=clock.now(),
    ).token  # fmt: skip


def _ms(sorted_seconds: Sequence[float], part: float) -> str:
    return f"{percentile(sorted_seconds, part) * 1000:.0f} ms"


if __name__ == "__main__":
    main()
