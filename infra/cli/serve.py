"""`yinling serve`: start everything, say where it is, and stop everything that was started."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import click
from rich.console import Console

from infra import logs
from infra.cli.demo import demo_in_sentences
from infra.processes import Platform, say_on_stderr
from infra.serving.certificate import Certificate, local_certificate
from infra.serving.children import Children
from infra.serving.guard import guarded
from infra.serving.household import EndedByItself, check_all, keep_watch, start_scheduler, start_web
from infra.serving.listening import NeverReady, Place, PortTaken, own_addresses
from infra.serving.page import print_page
from infra.serving.preparing import NotSetUp, fill_with_demo, prepare
from infra.serving.stopping import stopping_on_signals
from server.i18n.catalogues import gettext as _

EVERYWHERE = "0.0.0.0"
WIDTH_OF_A_PIPE = 100


@click.command("serve")
@click.option("--with-demo", is_flag=True, help="Make the city a demo with people of its own.")
@click.option("--host", help="Address to listen on.  [default: $YINLING_HOST, 127.0.0.1]")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help="Port to listen on.  [default: $YINLING_PORT, 8000]",
)
@click.option("--https", is_flag=True, help="For trying on a tablet: a certificate made here.")
@click.pass_obj
def serve(
    platform: Platform, with_demo: bool, host: str | None, port: int | None, https: bool
) -> None:
    """Serve the city: database if none is configured, newest schema, web server and scheduler.

    Prints where everything is once it answers. Ctrl-C stops whatever was started. A second start
    keeps all data.
    """
    asked = {
        "YINLING_DEMO": "1" if with_demo else None,
        "YINLING_PAYMENTS": "sandbox" if with_demo else None,
        "YINLING_HOST": host or (EVERYWHERE if https else None),
        "YINLING_PORT": str(port) if port else None,
    }
    platform.complete({name: value for name, value in asked.items() if value})
    stopping = stopping_on_signals(before=lambda: say_on_stderr(_("Stopping …")))
    with _in_sentences(), demo_in_sentences(), stopping:
        _serve(platform, with_demo=with_demo, https=https)


def _serve(platform: Platform, *, with_demo: bool, https: bool) -> None:
    """Everything that is started here is stopped when this ends, however it ends."""
    settings = platform.settings
    logs.configure(settings)
    others = own_addresses() if settings.host == EVERYWHERE else []
    certificate = local_certificate(settings.var, others) if https else None
    place = Place(settings.host, settings.port, certificate.public if certificate else None)
    place.check_free()
    with guarded(platform.embedded_server if platform.is_embedded else None) as guard:
        try:
            say_on_stderr(_("Starting the database …"))
            prepare(platform, add=with_demo)
            with Children(guard) as children:
                say_on_stderr(_("Starting the web server …"))
                start_web(children, platform.settings, place, certificate)
                if with_demo:
                    fill_with_demo(platform, say=say_on_stderr)
                place.await_ready(check=partial(check_all, children))
                start_scheduler(children, platform.settings)
                _print_page(platform, place, others, certificate)
                keep_watch(children, platform.embedded_server if platform.is_embedded else None)
        finally:
            platform.close()


def _print_page(
    platform: Platform, place: Place, others: list[str], certificate: Certificate | None
) -> None:
    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = WIDTH_OF_A_PIPE
    print_page(console, platform.settings, place, other_hosts=others, certificate=certificate)


@contextmanager
def _in_sentences() -> Iterator[None]:
    """What hinders us is said in a sentence."""
    try:
        yield
    except PortTaken as taken:
        sentence = _(
            "Something listens at {url} already. Stop it, or choose another port: "
            "yinling serve --port 8001",
            url=taken,
        )
    except NotSetUp as city:
        sentence = _(
            "City {city} is not set up here. Set it up first: yinling city add {city}", city=city
        )
    except EndedByItself as child:
        sentence = _(
            "The {process} process ended by itself; see what it said above.", process=child
        )
    except NeverReady as place:
        sentence = _("{url} was started and does not become ready.", url=place)
    else:
        return
    raise click.ClickException(sentence)
