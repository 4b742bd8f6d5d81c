"""The city that tests live in: its keys, its addresses, and a few real divisions of 晋城."""

import base64
from dataclasses import dataclass

from sqlalchemy import create_engine, text

from infra.embedded_postgres import EmbeddedPostgres
from server.db import sessions
from server.db.acts import Act, Face, acting
from server.db.cities import in_city
from server.db.engines import make_engine
from server.policies.service import load_pack

CITY = "1405"
CONTEXT_KEY = "context-key-of-the-tests"
FIELD_KEYS = "t1:" + base64.b64encode(b"field-key-of-the-tests-32-bytes!").decode()
INDEX_KEY = base64.b64encode(b"index-key-of-the-tests-32-bytes!").decode()

VILLAGE = "140502001001"
NEIGHBOUR_VILLAGE = "140502001002"
OTHER_COUNTY_VILLAGE = "140521100201"
DIVISIONS = (
    ("1405", "晋城市", "city", None),
    ("140502", "城区", "county", "1405"),
    ("140502001", "东街街道", "town", "140502"),
    (VILLAGE, "黄华街社区", "village", "140502001"),
    (NEIGHBOUR_VILLAGE, "东方红社区", "village", "140502001"),
    ("140521", "沁水县", "county", "1405"),
    ("140521100", "龙港镇", "town", "140521"),
    (OTHER_COUNTY_VILLAGE, "东关社区", "village", "140521100"),
)


@dataclass(frozen=True)
class Database:
    """The addresses of one database, by role."""

    app_url: str
    owner_url: str
    sealer_url: str
    superuser_url: str

    @classmethod
    def named(cls, server: EmbeddedPostgres, name: str) -> "Database":
        return cls(
            app_url=server.url("yinling_app", "for-tests", name),
            owner_url=server.url("yinling_owner", "for-tests", name),
            sealer_url=server.url("yinling_sealer", "for-tests", name),
            superuser_url=server.url(database=name),
        )


def furnish(database: Database) -> None:
    """Give the empty city its divisions; kept for the whole session."""
    owner = create_engine(database.owner_url)
    with owner.begin() as connection:
        connection.execute(text(f"SET LOCAL search_path TO city_{CITY}"))
        connection.execute(
            text("INSERT INTO division (code, name, level, parent_code) VALUES (:c, :n, :l, :p)"),
            [dict(zip("cnlp", row, strict=True)) for row in DIVISIONS],
        )
    owner.dispose()
    _load_figures(database)


def _load_figures(database: Database) -> None:
    """The reference pack, by the application itself, so that every price split has its figures."""
    engine = make_engine(database.app_url)
    sessions.session_factory.configure(bind=engine)
    act = Act(Face.COMMAND, "tests.furnish", "furnish", service=True)
    with in_city(CITY), acting(act), sessions.transaction() as session:
        load_pack(session, "reference")
    sessions.session_factory.configure(bind=None)
    engine.dispose()
