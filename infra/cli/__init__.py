"""The `yinling` command. Every process of the platform starts here.

A command's module is loaded when the command is called: to start the web server nobody has to wait
for the code that reads spreadsheets (click: "Lazily Loading Subcommands").
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

import click
from sqlalchemy.exc import OperationalError

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
class Entry:
    """A command: its name, its place (`module:attribute` below infra.cli), its line of the map."""

    name: str
    place: str
    line: str
    is_wired: bool = False


@dataclass(frozen=True)
class Chapter:
    """Commands that belong together."""

    title: str
    entries: Sequence[Entry]


MAP = (
    Chapter(
        marked("Run the platform"),
        (
            Entry("serve", "serve:serve",
                  marked("Start everything and say where it is; Ctrl-C stops it.")),
            Entry("migrate", "migrate:migrate",
                  marked("Bring the database's schema to the newest step.")),
            Entry("scheduler", "scheduler:scheduler_group",
                  marked("Deliver messages and keep the timetable."), is_wired=True),
            Entry("doctor", "doctor:doctor",
                  marked("Say what is missing or misconfigured, in one line each.")),
            Entry("maintenance", "maintenance:maintenance",
                  marked("Let everybody read and nobody change, for a while.")),
        ),
    ),
    Chapter(
        marked("Fill a city"),
        (
            Entry("city", "city:city_group",
                  marked("Set a city up: schema, divisions, first figures.")),
            Entry("staff", "staff:staff_group",
                  marked("Let people into the console, and out of it."), is_wired=True),
            Entry("accounts", "accounts:accounts_group",
                  marked("Help the holder of a phone at the window."), is_wired=True),
            Entry("keys", "keys:keys_group",
                  marked("Give departments keys to the open API."), is_wired=True),
            Entry("demo", "demo:demo_command",
                  marked("Fill the city with made-up people, sites and meals."), is_wired=True),
            Entry("import", "imports:import_group",
                  marked("Take in lists that others made: facilities, people, departures."),
                  is_wired=True),
            Entry("residents", "residents:residents_group",
                  marked("Find people who are in the register twice."), is_wired=True),
            Entry("caregivers", "import_caregivers:caregivers_group",
                  marked("Caregivers: a site's staff taken in from a list."), is_wired=True),
            Entry("checks", "checks:checks_group",
                  marked("Hold visits at homes against the checks, and read a check."),
                  is_wired=True),
            Entry("callbacks", "callbacks:callbacks_group",
                  marked("Draw visits to ring people up about, and draw them again."),
                  is_wired=True),
            Entry("counter", "counter:counter_group",
                  marked("Change and revoke the keys by which counters check meal codes."),
                  is_wired=True),
            Entry("allowances", "allowances:allowances_group",
                  marked("Say what caregivers are entitled to and why, and try a pack of rules."),
                  is_wired=True),
            Entry("policy", "policy:policy_group",
                  marked("Read, show, compare and try the rules by which subsidies are paid.")),
            Entry("settlement", "settlement:settlement_group",
                  marked("Draw up a month of all canteens, and say what it came to."),
                  is_wired=True),
            Entry("subsidies", "subsidies:subsidies_group",
                  marked("Reckon a programme for its months, and say a line in sentences."),
                  is_wired=True),
            Entry("export", "export:export_group",
                  marked("Write sites, bookings or residents into a file.")),
        ),
    ),
    Chapter(
        marked("Keep it safe"),
        (
            Entry("backup", "backup:backup",
                  marked("Write the city and its keys into one file.")),
            Entry("restore", "backup:restore_command",
                  marked("Bring a city back from its backup, and prove it.")),
            Entry("audit", "audit:audit_group",
                  marked("Seal the trail of changes, verify it, tell a record's life.")),
            Entry("access", "access:access_group",
                  marked("Print who may do what, and where.")),
        ),
    ),
)  # fmt: skip
ENTRIES = {entry.name: entry for chapter in MAP for entry in chapter.entries}


@cache
def load(name: str) -> click.Command:
    """Return the command of this name, with its module loaded."""
    entry = ENTRIES[name]
    module, attribute = entry.place.split(":")
    command: click.Command = getattr(import_module(f"infra.cli.{module}"), attribute)
    return wired(command) if entry.is_wired else command


class Yinling(click.Group):
    """A group whose help is a map of the product, and whose errors are sentences."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run in the language of the terminal."""
        with in_language(terminal_language(os.environ)):
            return super().main(*args, **kwargs)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, in the order of the map."""
        return list(ENTRIES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of this name, None where there is none."""
        return load(cmd_name) if cmd_name in ENTRIES else super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands chapter by chapter."""
        for chapter in MAP:
            with formatter.section(_(chapter.title)):
                rows = [(entry.name, _(entry.line)) for entry in chapter.entries]
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
