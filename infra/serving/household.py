"""What runs while the city is served: the web server with its workers, and the scheduler."""

import os
import shutil
import sys
import time
from collections.abc import Mapping, Set
from pathlib import Path

from infra.embedded_postgres import EmbeddedPostgres
from infra.local_secrets import ROLE_PASSWORDS
from infra.metrics import FOLDER_VARIABLE
from infra.serving.certificate import Certificate
from infra.serving.children import Children
from infra.serving.listening import Place
from server.settings import Settings

APPLICATION = "infra.wsgi:create_application"
WORKER_MERCY_S = 2
LOOKED_AT_EVERY_S = 0.3
# Whoever breaks into a worker must find no way to bend the trail, or the chain over it.
KEPT_FROM_THE_WEB = {"DATABASE_OWNER_URL", "DATABASE_SEALER_URL", *ROLE_PASSWORDS.values()}


class EndedByItself(Exception):
    """A process that should have gone on has ended; the message is its name."""


def start_web(
    children: Children, settings: Settings, place: Place, certificate: Certificate | None
) -> None:
    """Start the web server; it reads its settings from the environment, as the scheduler does."""
    command = web_command(settings, place, certificate)
    environment = _environment(_empty_figures(settings))
    children.start("web", command, without(environment, KEPT_FROM_THE_WEB))


def start_scheduler(children: Children, settings: Settings) -> None:
    """Start what happens by itself."""
    command = [sys.executable, "-m", "infra.cli", "scheduler", "run"]
    children.start("scheduler", command, _environment(_figures(settings)))


def web_command(
    settings: Settings, place: Place, certificate: Certificate | None = None
) -> list[str]:
    """Return the command of the web server, with the certificate where it speaks https."""
    options: dict[str, object] = {
        "--interface": "wsgi",
        "--host": place.host,
        "--port": place.port,
        "--workers": settings.workers,
        "--blocking-threads": settings.threads,
        "--workers-kill-timeout": WORKER_MERCY_S,
        "--log-level": "warning",
    }
    if certificate is not None:
        options |= {
            "--ssl-certificate": certificate.public,
            "--ssl-keyfile": certificate.key,
            "--ssl-protocol-min": "tls1.2",
        }
    words = [str(word) for option in options.items() for word in option]
    flags = ["--respawn-failed-workers", "--no-ws", "--no-access-log", "--factory"]
    return [sys.executable, "-m", "granian", *words, *flags, APPLICATION]


def check_all(children: Children) -> None:
    """Raise `EndedByItself` if one of them is gone."""
    ended = children.find_ended()
    if ended is not None:
        raise EndedByItself(ended.name)


def keep_watch(children: Children, database: EmbeddedPostgres | None) -> None:
    """Go on until somebody stops us, and bring a dead database back; raises `EndedByItself`."""
    while True:
        check_all(children)
        if database is not None:
            database.revive()
        time.sleep(LOOKED_AT_EVERY_S)


def without(environment: Mapping[str, str], names: Set[str]) -> Mapping[str, str]:
    """Return the environment lacking these."""
    return {name: value for name, value in environment.items() if name not in names}


def _environment(figures: Path) -> Mapping[str, str]:
    """Our environment, with the folder in which all processes add their figures up."""
    return os.environ | {FOLDER_VARIABLE: str(figures), "PYTHONUNBUFFERED": "1"}


def _figures(settings: Settings) -> Path:
    return settings.var.absolute() / "metrics"


def _empty_figures(settings: Settings) -> Path:
    """Figures count from the last start; those of ended processes would stay for ever."""
    figures = _figures(settings)
    shutil.rmtree(figures, ignore_errors=True)
    figures.mkdir(parents=True)
    return figures
