"""`yinling policy`: read a pack, show it as a table, compare two, reckon its examples."""

from collections.abc import Mapping
from contextlib import nullcontext
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from infra.cli.wired import action_of
from infra.processes import Platform
from server import clock
from server.db.sessions import transaction
from server.i18n.catalogues import gettext as _
from server.i18n.catalogues import pgettext
from server.i18n.money import in_yuan
from server.policies.programmes import wording
from server.policies.programmes.comparing import Change, ChangeKind, compare_packs
from server.policies.programmes.packs import (
    Pack,
    list_shipped,
    read_files,
    read_folder,
    read_shipped,
)
from server.policies.programmes.queries import programmes_in_force
from server.policies.programmes.schema import Programme
from server.policies.programmes.telling import Told, matrix_of, told_of
from server.policies.programmes.trying import Tried

DAY = click.DateTime(formats=["%Y-%m-%d"])
IN_FORCE = "in-force"


@click.group("policy")
def policy_group() -> None:
    """The rules by which subsidies are paid, as data with a clause beside each figure."""


@policy_group.command("list")
def list_packs() -> None:
    """List the packs that come with the product."""
    for name in list_shipped():
        pack = read_shipped(name)
        off = sum(not one.is_on for one in pack.programmes.values())
        click.echo(_("{pack}: {title}; {programmes} programmes, {off} of them left off", pack=name,
                     title=wording.said(pack.head.title) if pack.head else "",
                     programmes=len(pack.programmes), off=off))  # fmt: skip


@policy_group.command("check")
@click.argument("pack", required=False)
def check(pack: str | None) -> None:
    """Read a pack, or the folder or ZIP of one, and say what is to be mended.  [default: all]"""
    names = [pack] if pack else list_shipped()
    wrong = [name for name in names if not _check(name, _pack(name))]
    if wrong:
        raise SystemExit(1)


@policy_group.command("show")
@click.argument("pack")
@click.argument("programme", required=False)
def show(pack: str, programme: str | None) -> None:
    """Print a pack, or one programme of it, with the clause beside each figure."""
    programmes = _read(pack).programmes
    if programme is not None and programme not in programmes:
        raise click.BadParameter(_("There is no such programme; these are: {programmes}",
                                   programmes=", ".join(programmes)))  # fmt: skip
    for code, one in programmes.items():
        if programme in (None, code):
            _show(one)


@policy_group.command("test")
@click.argument("pack")
def try_out(pack: str) -> None:
    """Reckon the examples of a pack, one by one; ends with 1 where any comes out otherwise."""
    tried = _read(pack).tried
    for one in tried:
        click.echo(_tried(one))
    differing = sum(not one.holds for one in tried)
    click.echo(_("{examples} examples, {differing} come out otherwise.", examples=len(tried),
                 differing=differing))  # fmt: skip
    if differing:
        raise SystemExit(1)


@policy_group.command("diff")
@click.argument("old")
@click.argument("new")
@click.option("--on", type=DAY, help="The day of what is in force.  [default: today]")
def diff(old: str, new: str, on: datetime | None) -> None:
    """Say which figures differ, from which day, old and new.

    Either may be `in-force`: what the city pays by on the day.
    """
    day = on.date() if on else clock.today()
    sides = [_programmes(name, day) for name in (old, new)]
    changed = [one for one in compare_packs(*sides, is_whole=IN_FORCE not in (old, new))
               if one.differs]  # fmt: skip
    for one in changed:
        click.echo(f"{wording.said(one.programme.name)} ({one.code})")
        for change in one.changes:
            if change.kind is not ChangeKind.SAME:
                click.echo(f"  {_change(change)}")
    if not changed:
        click.echo(_("Nothing differs."))


def _pack(name: str) -> Pack:
    """A shipped pack by its name, a folder, or a ZIP."""
    if name in list_shipped():
        return read_shipped(name)
    path = Path(name)
    if path.is_dir():
        return read_folder(path)
    if path.is_file():
        return read_files({path.name: path.read_bytes()})
    raise click.BadParameter(_("There is no such pack; these are: {packs}",
                               packs=", ".join(list_shipped())))  # fmt: skip


def _read(name: str) -> Pack:
    """A pack without faults, whatever its examples come to."""
    pack = _pack(name)
    if pack.faults:
        _tell_faults(name, pack)
        raise SystemExit(1)
    return pack


def _check(name: str, pack: Pack) -> bool:
    _tell_faults(name, pack)
    for one in pack.tried:
        if not one.holds:
            click.echo(f"{name}: {_tried(one)}")
    if pack.is_whole:
        figures = sum(len(told_of(one)) for one in pack.programmes.values())
        click.echo(_("{pack}: {figures} figures and {examples} examples come out.", pack=name,
                     figures=figures, examples=len(pack.tried)))  # fmt: skip
    return pack.is_whole


def _tell_faults(name: str, pack: Pack) -> None:
    for fault in pack.faults:
        where = f"{name}/{fault.file}:{fault.line}"
        click.echo(f"{where}: {wording.fault_sentence(fault)}")


def _tried(one: Tried) -> str:
    mark = "✓" if one.holds else "✗"
    came = f"{in_yuan(one.outcome.amount_fen)} {' '.join(one.because)}".strip()
    said = f"{mark} {one.programme}: {one.example.name}  {came}"
    if one.holds:
        return said
    wanted = f"{in_yuan(one.example.gets)} {' '.join(one.example.because)}".strip()
    return _("{said}, instead of {wanted}", said=said, wanted=wanted)


def _show(programme: Programme) -> None:
    name = f"{wording.said(programme.name)} ({programme.programme})"
    click.echo()
    click.echo(name if programme.is_on else _("{name}  [left off]", name=name))
    matrix = matrix_of(programme, on=clock.today())
    if matrix is not None:
        click.echo(f"  {matrix.rows_name} × {matrix.columns_name}: {' | '.join(matrix.columns)}")
        for name, cells in matrix.rows:
            click.echo(f"    {name}: {' | '.join(cells)}")
    for one in told_of(programme):
        click.echo(f"  {_told(one)}")
    for missing in programme.unpublished:
        said = f"{wording.said(missing.what)}; {wording.said(missing.why)}"
        click.echo(_("  published nowhere: {said}", said=said))


def _told(one: Told) -> str:
    group = pgettext("policy_group", one.group)
    table = f"{one.table} · " if one.table else ""
    return f"{group}  {table}{one.what}: {one.figure}  {_basis(one)}"


def _basis(one: Told) -> str:
    until = f" – {one.based.to}" if one.based.to else ""
    days = _("from {day}", day=one.based.from_)
    return f"[{one.document}, {one.based.clause}, {days}{until}]"


def _change(change: Change) -> str:
    one = change.told
    kind = pgettext("policy_change", change.kind.value)
    sides = " → ".join(side.figure if side else "—" for side in (change.old, change.new))
    table = f"{one.table} · " if one.table else ""
    return f"{kind}  {table}{one.what}: {sides}  {_basis(one)}"


def _programmes(name: str, day: date) -> Mapping[str, Programme]:
    if name != IN_FORCE:
        return _read(name).programmes
    with _platform(), transaction(writes=False) as session:
        return programmes_in_force(session, on=day)


def _platform() -> Any:
    """The city's database, which only what is in force needs."""
    context = click.get_current_context()
    platform = context.find_object(Platform)
    return nullcontext() if platform is None else platform.working(action_of(context))
