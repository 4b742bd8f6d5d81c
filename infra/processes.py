"""What a process stands on: its settings, its database, its city and its act.

In development nothing needs to be configured: the secrets are made under `var/`, and a process
without `DATABASE_URL` starts the embedded server, or joins the one that runs already. In
production nothing is made up: what the environment does not name is missing, and said to be.
"""

import os
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Engine

from infra import logs, wiring
from infra.database_roles import APP, DATABASE, OWNER, SEALER, bootstrap_roles
from infra.embedded_postgres import EmbeddedPostgres
from infra.local_secrets import environment_with_secrets, role_passwords
from infra.postgres_cluster import SUPERUSER
from server.db.acts import Act, Face, acting
from server.db.cities import in_city, schema_of
from server.db.engines import make_owner_engine
from server.settings import Settings, settings

DATA_FOLDER = "postgres"


class Misconfigured(Exception):
    """The process cannot begin as it is configured; the message says what is missing."""


def say_on_stderr(sentence: str) -> None:
    """Tell of progress where it does not mix with what a command prints."""
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


class Platform:
    """One process of the platform; nothing is started before it is asked for.

    What it completes of the environment is there for the processes it starts, and gone when it is
    closed.
    """

    def __init__(
        self, city_code: str | None = None, *, say: Callable[[str], None] = say_on_stderr
    ) -> None:
        self.chosen_city = city_code
        self._say = say
        self._completed: set[str] = set()
        self._engine: Engine | None = None
        self._owner_engine: Engine | None = None
        self.is_embedded = not (
            os.environ.get("DATABASE_URL") or os.environ.get("YINLING_ENV") == "production"
        )
        if city_code is not None:
            schema_of(city_code)
            self.complete({"YINLING_CITY": city_code})

    @property
    def var(self) -> Path:
        """The folder for data, secrets and rejects."""
        return Path(os.environ.get("YINLING_VAR", "var"))

    @property
    def settings(self) -> Settings:
        """The settings, completed by this machine's own secrets; raises `Misconfigured`."""
        self.complete(environment_with_secrets(self.var))
        try:
            return settings()
        except ValidationError as error:
            reasons = "; ".join(_reason(problem) for problem in error.errors())
            raise Misconfigured(reasons) from None

    @cached_property
    def embedded_server(self) -> EmbeddedPostgres:
        """The embedded server of this machine, started or not."""
        passwords = role_passwords(environment_with_secrets(self.var))
        data = self.var / DATA_FOLDER
        return EmbeddedPostgres(data, password=passwords[SUPERUSER], say=self._say)

    def complete(self, values: Mapping[str, str]) -> None:
        """Add these settings to the environment of this process and of those it starts."""
        changed = {name: text for name, text in values.items() if os.environ.get(name) != text}
        if changed:
            self._completed |= changed.keys() - os.environ.keys()
            os.environ.update(changed)
            settings.cache_clear()

    def connect(self) -> Settings:
        """Return settings that name a database; starts or joins the embedded one if need be."""
        if self.is_embedded:
            self._start_embedded()
        present = self.settings
        if present.database_url is None:
            raise Misconfigured("DATABASE_URL is missing")
        return present

    def wire(self) -> Engine:
        """Give the process its keys, connections and handlers; returns the application's engine."""
        if self._engine is None:
            self._engine = wiring.wire(self.connect())
        return self._engine

    def owner(self) -> Engine:
        """Return an engine of the role that owns the schemas; raises `Misconfigured`."""
        if self._owner_engine is None:
            present = self.connect()
            if present.database_owner_url is None:
                raise Misconfigured("DATABASE_OWNER_URL is missing")
            self._owner_engine = make_owner_engine(present.database_owner_url.get_secret_value())
        return self._owner_engine

    def sealer_url(self) -> str:
        """Return the address of the role that seals the trail; raises `Misconfigured`."""
        url = self.connect().database_sealer_url
        if url is None:
            raise Misconfigured("DATABASE_SEALER_URL is missing")
        return url.get_secret_value()

    @contextmanager
    def working(self, action: str, *, reason: str | None = None) -> Iterator[Settings]:
        """Do the block's work as the platform itself: wired, in its city, and logged."""
        self.wire()
        present = self.settings
        logs.configure(present)
        request_id = uuid.uuid4().hex
        act = Act(Face.COMMAND, action, request_id, service=True, reason=reason)
        with in_city(present.city), acting(act), logs.bound(request_id=request_id):
            yield present

    def close(self) -> None:
        """Let go of connections, and of the embedded server: it stops if nobody else is on it."""
        for engine in (self._engine, self._owner_engine):
            if engine is not None:
                engine.dispose()
        self._engine = self._owner_engine = None
        if "embedded_server" in self.__dict__:
            self.embedded_server.stop()
        for name in self._completed:
            os.environ.pop(name, None)
        settings.cache_clear()

    def _start_embedded(self) -> None:
        server = self.embedded_server
        if "DATABASE_URL" in os.environ:
            return
        server.start()
        passwords = role_passwords(environment_with_secrets(self.var))
        bootstrap_roles(server.url(), passwords)
        self.complete(
            {
                "DATABASE_URL": server.url(APP, passwords[APP], DATABASE),
                "DATABASE_OWNER_URL": server.url(OWNER, passwords[OWNER], DATABASE),
                "DATABASE_SEALER_URL": server.url(SEALER, passwords[SEALER], DATABASE),
            }
        )


def _reason(problem: Any) -> str:
    """One of pydantic's findings as words; never the value, which may be a secret."""
    field = ".".join(str(part) for part in problem["loc"])
    return f"{field}: {problem['msg']}" if field else str(problem["msg"])
