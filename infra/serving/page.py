"""The short page that `serve` prints: where everything is, and how to sign in to the demo."""

from collections.abc import Iterator, Sequence

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from infra.demo.caregiver_files import CAREGIVERS_PHONE
from infra.demo.faces import FACES, PHONE_HOLDERS, PhoneHolder
from infra.demo.staff import PASSWORD, STAFF
from infra.serving.certificate import Certificate
from infra.serving.listening import Place
from server.i18n.catalogues import LANGUAGES, in_language, marked, pgettext
from server.i18n.catalogues import gettext as _
from server.residents.models import GrantKind
from server.settings import Settings

DOORS = (
    (marked("Phone app"), "/app/"),
    (marked("Console"), "/admin/"),
    (marked("Phone API"), "/api/docs"),
    (marked("Open API"), "/open/docs"),
)


def print_page(
    console: Console,
    settings: Settings,
    place: Place,
    *,
    other_hosts: Sequence[str] = (),
    certificate: Certificate | None = None,
) -> None:
    """Print addresses and, in the demo, sign-ins; Chinese first, English beside it."""
    parts: list[RenderableType] = [_doors(place)]
    if other_hosts:
        urls = "  ".join(f"{place.url_at(host)}/app/" for host in other_hosts)
        parts += _said_twice(marked("From another device: {urls}"), urls=urls)
    if certificate is not None:
        sentence = marked("Install this certificate there, as trusted: {path}")
        parts += _said_twice(sentence, path=certificate.public)
    if settings.demo:
        parts += [Text(), *_demo_sign_ins()]
    parts += [Text(), *_said_twice(marked("Ctrl-C stops everything."))]
    title = f"银龄 Yinling · {settings.city}"
    console.print(Panel(Group(*parts), title=title, expand=False, padding=(1, 2)))


def _doors(place: Place) -> Table:
    table = _table()
    for name, path in DOORS:
        table.add_row(_twice(name), f"{place.url}{path}")
    return table


def _demo_sign_ins() -> Iterator[RenderableType]:
    yield from _said_twice(marked("Demo: sign in to the phone app; the code shows on the screen."))
    phones = _table()
    for holder in PHONE_HOLDERS:
        phones.add_row(holder.phone.removeprefix("+86"), _people(holder))
    phones.add_row(CAREGIVERS_PHONE.removeprefix("+86"), _twice(marked("a caregiver's own file")))
    yield phones
    yield Text()
    sentence = marked("Demo: sign in to the console; the password is {password}.")
    yield from _said_twice(sentence, password=PASSWORD)
    staff = _table()
    for member in STAFF:
        staff.add_row(member.sign_in_name, _twice(member.role.value, context="role"))
    yield staff


def _people(holder: PhoneHolder) -> str:
    names = "、".join(FACES[place].name for place in holder.residents)
    if holder.kind is GrantKind.SELF:
        return names
    helped = _twice(marked("through a helper"))
    return f"{names}  ({helped})"


def _table() -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 3, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    return table


def _said_twice(sentence: str, **facts: object) -> Iterator[Text]:
    """The sentence in every language, a line each."""
    for language in LANGUAGES:
        with in_language(language):
            yield Text(_(sentence, **facts))


def _twice(word: str, *, context: str | None = None) -> str:
    """The word in every language, side by side."""
    said = []
    for language in LANGUAGES:
        with in_language(language):
            said.append(pgettext(context, word) if context else _(word))
    return " ".join(said)
