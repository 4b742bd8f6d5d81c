"""`yinling demo`: fill the city with made-up people, sites and meals, or with more of them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from infra.cities import NoSuchCity, add_city, count_anew
from infra.demo.beginning import CityInhabited, OtherSeed
from infra.demo.divisions import NoVillages
from infra.demo.loading import DEFAULT_RESIDENTS, Loaded, Tell, load_demo
from infra.processes import Platform
from server.db.cities import schema_of
from server.i18n.catalogues import gettext as _
from server.settings import Environment, Settings

MOST_RESIDENTS = 5_000_000


@click.command("demo")
@click.option(
    "--residents",
    type=click.IntRange(1, MOST_RESIDENTS),
    default=DEFAULT_RESIDENTS,
    show_default=True,
    help="How many residents there shall be; a later call with a larger number adds the rest.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    help="The same number makes the same city.  [default: the one it was begun with]",
)
@click.option("--city", metavar="CODE", help="The city, by four digits.  [default: $YINLING_CITY]")
@click.pass_obj
def demo_command(platform: Platform, residents: int, seed: int | None, city: str | None) -> None:
    """Set the city up if need be, and fill it with a demo: nobody in it is real.

    Running it again adds what is missing, such as the menus of further days, and changes nothing
    else. Refused in production, and in a city that has residents of its own.
    """
    if city is not None:
        schema_of(city)
        platform.complete({"YINLING_CITY": city})
    with demo_in_sentences(), platform.working("yinling demo") as present:
        _check_not_in_production(present)
        context_key = present.context_key.get_secret_value()
        add_city(present.city, owner=platform.owner(), context_key=context_key)
        with _progress() as tell:
            loaded = load_demo(residents=residents, seed=seed, workers=_workers(present), tell=tell)
        if loaded.is_anything:
            count_anew(platform.owner())
    click.echo(_summary(loaded))


def _workers(present: Settings) -> int:
    """One of the connections a worker, as far as there are processors for it."""
    return max(1, min(2, present.pool_size, os.cpu_count() or 1))


def _summary(loaded: Loaded) -> str:
    if not loaded.is_anything:
        return _("The demo was complete; nothing has changed.")
    return _(
        "New: {sites} sites, {staff} staff, {residents} residents, {accounts} accounts,"
        " {sittings} sittings, {bookings} bookings.",
        **vars(loaded),
    )


@contextmanager
def _progress() -> Iterator[Tell]:
    """Draw a bar on a terminal; it is gone when the work is done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    progress = Progress(
        *columns, TimeRemainingColumn(), console=console, transient=True,
        disable=not console.is_terminal,
    )  # fmt: skip
    with progress:
        task = progress.add_task(_("Residents"), total=None)
        yield lambda done, of: progress.update(task, completed=done, total=of)


def _check_not_in_production(present: Settings) -> None:
    if present.env is Environment.PRODUCTION:
        raise click.ClickException(_("A demo is not loaded in production."))


@contextmanager
def demo_in_sentences() -> Iterator[None]:
    """What hinders a demo is said in a sentence."""
    try:
        yield
    except NoSuchCity as city:
        sentence = _("There is no city of code {code}.", code=city)
    except NoVillages as city:
        sentence = _(
            "City {city} has no villages for people to live in. Import them first: "
            "yinling --city {city} import divisions FILE",
            city=city,
        )
    except OtherSeed as seed:
        sentence = _("This city's demo was begun with seed {seed}, and keeps it.", seed=seed)
    except CityInhabited:
        sentence = _("This city has residents of its own; a demo is not mixed with them.")
    else:
        return
    raise click.ClickException(sentence)
