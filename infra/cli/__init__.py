"""The `yinling` command. Every process of the platform starts here."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import click
from sqlalchemy.exc import OperationalError

from infra.cli.access import access_group
from infra.cli.accounts import accounts_group
from infra.cli.audit import audit_group
from infra.cli.backup import backup, restore_command
from infra.cli.city import city_group
from infra.cli.demo import demo_command
from infra.cli.doctor import doctor
from infra.cli.export import export_group
from infra.cli.imports import import_group
from infra.cli.keys import keys_group
from infra.cli.maintenance import maintenance
from infra.cli.migrate import migrate
from infra.cli.scheduler import scheduler_group
from infra.cli.serve import serve
from infra.cli.staff import staff_group
from infra.cli.wired import wired
from infra.embedded_postgres import EmbeddedPostgresError
from infra.processes import Misconfigured, Platform
from server.db.cities import UnusableCityCode
from server.errors import DomainError
from server.i18n.catalogues import gettext as _
from server.i18n.catalogues import in_language, marked, problem_sentence

SPOKEN = {"zh": "zh-CN", "en": "en"}
UNLESS_SAID = "en"


@dataclass(frozen=True)
class Chapter:
    """Commands that belong together, each with the line the map says of it."""

    title: str
    lines: Mapping[click.Command, str]


MAP = (
    Chapter(
        marked("Run the platform"),
        {
            serve: marked("Start everything and say where it is; Ctrl-C stops it."),
            migrate: marked("Bring the database's schema to the newest step."),
            wired(scheduler_group): marked("Deliver messages and keep the timetable."),
            doctor: marked("Say what is missing or misconfigured, in one line each."),
            maintenance: marked("Let everybody read and nobody change, for a while."),
        },
    ),
    Chapter(
        marked("Fill a city"),
        {
            city_group: marked("Set a city up: schema, divisions, first figures."),
            wired(staff_group): marked("Let people into the console, and out of it."),
            wired(accounts_group): marked("Help the holder of a phone at the window."),
            wired(keys_group): marked("Give departments keys to the open API."),
            wired(demo_command): marked("Fill the city with made-up people, sites and meals."),
            wired(import_group): marked(
                "Take in lists that others made: facilities, people, departures."
            ),
            export_group: marked("Write sites, bookings or residents into a file."),
        },
    ),
    Chapter(
        marked("Keep it safe"),
        {
            backup: marked("Write the city and its keys into one file."),
            restore_command: marked("Bring a city back from its backup, and prove it."),
            audit_group: marked("Seal the trail of changes, verify it, tell a record's life."),
            access_group: marked("Print who may do what, and where."),
        },
    ),
)


class Yinling(click.Group):
    """A group whose help is a map of the product, and whose errors are sentences."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run in the language of the terminal."""
        with in_language(terminal_language(os.environ)):
            return super().main(*args, **kwargs)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands chapter by chapter."""
        for chapter in MAP:
            with formatter.section(_(chapter.title)):
                rows = [(command.name or "", _(line)) for command, line in chapter.lines.items()]
                formatter.write_dl(rows, col_spacing=4)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what makes it impossible is said in a sentence, not a traceback."""
        try:
            return super().invoke(ctx)
        except DomainError as refusal:
            sentence = problem_sentence(refusal.code, refusal.facts)
        except OperationalError as failure:
            reason = str(failure.orig).strip().splitlines()[0]
            sentence = _("The database does not answer: {reason}", reason=reason)
        except Misconfigured as failure:
            sentence = _("Not configured to run: {reason}", reason=failure)
        except (EmbeddedPostgresError, UnusableCityCode) as failure:
            sentence = str(failure)
        raise click.ClickException(sentence)


@click.group(cls=Yinling, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--city", metavar="CODE", help="The city, by four digits.  [default: $YINLING_CITY]")
@click.version_option(package_name="yinling", prog_name="yinling")
@click.pass_context
def main(context: click.Context, city: str | None) -> None:
    """Yinling 银龄: one city's care for the elderly, on one platform.

    On a machine of your own nothing needs to be configured: a command starts the database that
    comes with Yinling under var/, or joins the one that runs.
    """
    context.obj = Platform(city)
    context.call_on_close(context.obj.close)


def terminal_language(environ: Mapping[str, str]) -> str:
    """Return the language that the terminal asks for: Chinese or English."""
    asked = next(
        (environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), ""
    )
    return SPOKEN.get(asked[:2].lower(), UNLESS_SAID)


for _chapter in MAP:
    for _command in _chapter.lines:
        main.add_command(_command)
