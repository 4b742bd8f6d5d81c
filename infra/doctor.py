"""Says what is missing or misconfigured, in one line each.

A check yields findings; one that cannot be made because of an earlier fault is itself a finding,
so that one broken thing never hides the others.
"""

import importlib.metadata
import re
import shutil
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from infra.database_roles import OWNER
from infra.embedded_postgres import EmbeddedPostgresError
from infra.processes import Misconfigured, Platform
from server import clock
from server.audit.anchors import file_of, last_anchor
from server.audit.queries import find_state, seconds_behind
from server.audit.sealing import carries
from server.db.sessions import transaction
from server.db.streams import open_stream
from server.i18n.catalogues import gettext as _
from server.migrations.run import find_step, has_schema, newest_step
from server.residents.models import ID_NUMBER_FIELD
from server.secrets.fields import FieldUnreadable, keyring, keyring_from
from server.settings import Environment, Settings

LOCK = Path(__file__).parents[1] / "requirements.lock"
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)(?P<marker>[^\\]*)", re.M)
OLDEST_POSTGRES = 150_000
OLDEST_PYTHON = (3, 11)
SEALED_WITHIN_S = 60
TIGHT_BYTES, FULL_BYTES = 5 * 2**30, 2**30


class Weight(Enum):
    """How much a finding matters."""

    FINE = "fine"
    LOOK = "look"
    BROKEN = "broken"


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    weight: Weight
    sentence: str


def fine(sentence: str) -> Finding:
    return Finding(Weight.FINE, sentence)


def look(sentence: str) -> Finding:
    return Finding(Weight.LOOK, sentence)


def broken(sentence: str) -> Finding:
    return Finding(Weight.BROKEN, sentence)


Check = Callable[[Platform], Iterator[Finding]]


def examine(platform: Platform) -> Iterator[Finding]:
    """Yield the findings of every check, in the order in which they should be mended."""
    for check in CHECKS:
        try:
            yield from check(platform)
        except (Misconfigured, EmbeddedPostgresError, ValueError, OSError) as failure:
            yield broken(str(failure))
        except SQLAlchemyError as failure:
            yield broken(str(failure).strip().splitlines()[0])


def check_python(_platform: Platform) -> Iterator[Finding]:
    here = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info < OLDEST_PYTHON:
        yield broken(_("Python {here} is too old; 3.11 is the oldest that works.", here=here))
    else:
        yield fine(_("Python {here}", here=here))


def check_dependencies(_platform: Platform) -> Iterator[Finding]:
    """Every distribution of the lock that applies here, at the version of the lock."""
    wrong = [
        f"{name} {installed or '—'} ≠ {pinned}"
        for name, pinned, installed in _pinned_and_installed()
        if installed != pinned
    ]
    if wrong:
        yield broken(_("Not as locked: {names}. Run: make setup", names=", ".join(wrong[:8])))
    else:
        yield fine(_("Dependencies are those of the lock"))


def check_settings(platform: Platform) -> Iterator[Finding]:
    present = platform.settings
    yield fine(_("Settings are complete for {env}", env=present.env.value))
    if clock.SHIFT:
        yield look(_("The clock is moved by {seconds} s", seconds=int(clock.SHIFT.total_seconds())))


def check_time_zones(_platform: Platform) -> Iterator[Finding]:
    try:
        ZoneInfo("Asia/Shanghai")
        yield fine(_("Time zones are known"))
    except ZoneInfoNotFoundError:
        yield broken(_("The machine knows no time zones: install tzdata"))


def check_database(platform: Platform) -> Iterator[Finding]:
    platform.wire()
    if platform.is_embedded:
        yield from (look(note) for note in platform.embedded_server.notes)
    with platform.owner().connect() as connection:
        version = connection.execute(text("SHOW server_version_num")).scalar_one()
        if int(version) < OLDEST_POSTGRES:
            yield broken(_("PostgreSQL {version} is too old; 15 works", version=version))
        else:
            shown = connection.execute(text("SHOW server_version")).scalar_one()
            yield fine(_("PostgreSQL {version} answers", version=shown))


def check_roles(platform: Platform) -> Iterator[Finding]:
    """The role that the application comes in by, whatever its name, is held by row security."""
    with platform.wire().connect() as connection:
        name, passes = connection.execute(
            text(
                "SELECT rolname, rolsuper OR rolbypassrls OR pg_has_role(rolname, :owner, 'MEMBER')"
                " FROM pg_roles WHERE rolname = current_user"
            ),
            {"owner": OWNER},
        ).one()
    if passes:
        yield broken(_("The role {role} can pass row security; take that right away", role=name))
    else:
        yield fine(_("The role {role} is held by row security", role=name))


def check_proxy(platform: Platform) -> Iterator[Finding]:
    """Slow senders, each of which holds a thread, are a proxy's to wait for."""
    present = platform.settings
    if present.env is Environment.PRODUCTION and not present.trusted_proxies:
        yield look(
            _("No proxy before us (YINLING_TRUSTED_PROXIES=0): slow senders can hold every thread")
        )


def check_city(platform: Platform) -> Iterator[Finding]:
    city = platform.settings.city
    with platform.owner().connect() as connection:
        if not has_schema(connection, city):
            yield look(_("City {city} is not set up here: yinling city add {city}", city=city))
            return
        step = connection.execute(
            text(f"SELECT version_num FROM city_{city}.alembic_version")
        ).scalar_one_or_none()
    if step == newest_step():
        yield fine(_("City {city} is at step {step}", city=city, step=step))
    else:
        yield broken(
            _("City {city} is at step {step}: run yinling migrate", city=city, step=step or "—")
        )


def check_keys(platform: Platform) -> Iterator[Finding]:
    """The keys fit each other, and open what is stored."""
    present = platform.settings
    keyring_from(present.field_keys.get_secret_value(), present.index_key.get_secret_value())
    with platform.owner().connect() as connection:
        if not has_schema(connection, present.city):
            return
    with platform.working("doctor"), transaction(writes=False) as session:
        stored = session.execute(
            text("SELECT id_number_cipher FROM resident WHERE id_number_cipher IS NOT NULL LIMIT 1")
        ).scalar_one_or_none()
    try:
        if stored is not None:
            keyring().decrypt(bytes(stored), ID_NUMBER_FIELD)
        yield fine(_("The keys open what is stored"))
    except FieldUnreadable:
        yield broken(_("The keys do not open what is stored: these are another city's keys"))


def check_trail(platform: Platform) -> Iterator[Finding]:
    """The chain keeps up with the trail, and still carries what was written down outside."""
    present = platform.settings
    with platform.owner().connect() as connection:
        if find_step(connection, present.city) != newest_step():
            return
    with platform.working("doctor"), transaction(writes=False) as session:
        state = find_state(session)
    behind = seconds_behind(state, now=clock.now())
    sentence = _(
        "{sealed} lines of the trail are sealed; the oldest of {waiting} waits for {seconds} s",
        sealed=state.sealed_position,
        waiting=state.waiting,
        seconds=int(behind),
    )
    yield look(sentence) if behind > SEALED_WITHIN_S else fine(sentence)
    yield _anchor_agrees(platform, present)


def _anchor_agrees(platform: Platform, present: Settings) -> Finding:
    last = last_anchor(file_of(present.anchors_folder, present.city))
    if last is None:
        return look(_("No anchor of the trail is outside the database: yinling audit seal"))
    with open_stream(platform.sealer_url(), present.city, name="doctor") as stream:
        agrees = carries(stream, last)
    if agrees:
        return fine(_("The trail carries its last anchor"))
    return broken(_("The trail does not carry its last anchor: yinling audit verify"))


def check_port(platform: Platform) -> Iterator[Finding]:
    present = platform.settings
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((present.host, present.port))
            yield fine(_("Port {port} is free", port=present.port))
        except OSError:
            yield look(_("Port {port} is taken; something serves there", port=present.port))


def check_disk(platform: Platform) -> Iterator[Finding]:
    folder = platform.var if platform.var.exists() else Path()
    free = shutil.disk_usage(folder).free
    sentence = _("{free} GB are free for data", free=f"{free / 2**30:.1f}")
    if free < FULL_BYTES:
        yield broken(sentence)
    else:
        yield look(sentence) if free < TIGHT_BYTES else fine(sentence)


def check_browser(_platform: Platform) -> Iterator[Finding]:
    if shutil.which("chromium"):
        yield fine(_("Chromium is there for the browser tests"))
    else:
        yield look(_("No Chromium: browser tests are skipped here"))


CHECKS: Sequence[Check] = (
    check_python,
    check_dependencies,
    check_settings,
    check_time_zones,
    check_disk,
    check_database,
    check_roles,
    check_proxy,
    check_city,
    check_keys,
    check_trail,
    check_port,
    check_browser,
)


def _pinned_and_installed() -> Iterator[tuple[str, str, str | None]]:
    for found in PINNED.finditer(LOCK.read_text()):
        if ";" in found["marker"]:
            continue  # only for other machines; pip has decided that already
        try:
            installed: str | None = importlib.metadata.version(found[1])
        except importlib.metadata.PackageNotFoundError:
            installed = None
        yield found[1], found[2], installed
