"""`yinling audit`: seal the trail, verify it, and tell what happened to one record."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

import click

from infra.backup import Progress
from infra.cli.audit_samples import sample_group
from infra.processes import Platform, say_on_stderr
from server import clock, masking
from server.audit.anchors import file_of, last_anchor, line_of, read_anchors
from server.audit.queries import find_state, list_life, seconds_behind
from server.audit.rules import Anchor, Break
from server.audit.sealing import anchor, seal
from server.audit.telling import Told, people_in, table_named, table_word, told
from server.audit.verifying import Verdict
from server.audit.verifying import verify as read_chain
from server.db.sessions import transaction
from server.db.streams import Stream, open_stream
from server.i18n.catalogues import gettext as _
from server.i18n.catalogues import pgettext
from server.i18n.money import in_yuan
from server.identity.queries import find_staff_names
from server.residents.queries import find_resident_names
from server.settings import Settings
from server.subsidies.reckoning.patience import be_patient
from server.subsidies.reckoning.recomputing import recompute
from server.subsidies.reckoning.service import get_run

MOST_LINES = 10_000
BROKEN = 1
FIRST_OF_ALL = 1


@click.group("audit")
def audit_group() -> None:
    """Seal the trail, verify it, and tell what happened to one record."""


audit_group.add_command(sample_group)


@audit_group.command("seal")
@click.pass_obj
def seal_now(platform: Platform) -> None:
    """Bind every new line of the trail to the chain, and write the head down outside.

    The scheduler does so every half minute; by hand it is harmless.
    """
    with _streaming(platform, "audit seal") as (stream, present):
        number = seal(stream, present.city)
        stands = anchor(stream, present.city, file_of(present.anchors_folder, present.city))
    click.echo(_("{number} lines were sealed.", number=f"{number:,}"))
    if stands is not None:
        click.echo(line_of(stands))


@audit_group.command("head")
@click.pass_obj
def head(platform: Platform) -> None:
    """Print the last anchor as one line, to be mailed or printed: paper cannot be bent.

    The trail is bent if the chain of any later day does not hold this digest in this position.
    """
    with platform.working("audit head") as present, transaction(writes=False) as session:
        state = find_state(session)
        last = last_anchor(file_of(present.anchors_folder, present.city))
    if last is None:
        raise click.ClickException(_("The trail has no anchor yet. Run: yinling audit seal"))
    click.echo(line_of(last))
    behind = seconds_behind(state, now=clock.now())
    click.echo(_("{number} lines wait, the oldest for {seconds} s.",
                 number=f"{state.waiting:,}", seconds=f"{behind:,.0f}"), err=True)  # fmt: skip


@audit_group.command("verify")
@click.option(
    "--from",
    "first",
    type=click.IntRange(min=1),
    default=FIRST_OF_ALL,
    help="Position in the chain to begin at; what was verified is not read again.",
)
@click.option("--to", "last", type=click.IntRange(min=1), help="Position to end at.")
@click.pass_obj
def verify(platform: Platform, first: int, last: int | None) -> None:  # fmt: skip
    """Read the whole chain again, hold it against the anchors, and name the first break.

    Exit 0 when all is as it was sealed, 1 when something was edited, deleted, slipped in, put in
    another order or cut off. What was written after the last anchor cannot be vouched for.
    """
    progress = Progress(say_on_stderr)

    def tell(done: int, of: int) -> None:
        progress.at(_("{done} of {all} lines; to go on from here: --from {next}",
                      done=f"{done:,}", all=f"{of:,}", next=done + 1))  # fmt: skip

    with _streaming(platform, "audit verify") as (stream, present):
        anchors = read_anchors(file_of(present.anchors_folder, present.city))
        verdict = read_chain(stream, present.city, anchors, first=first, last=last, tell=tell)
    for restored in (one for one in anchors if one.restored):
        click.echo(_restored(restored))
    if verdict.broken is not None:
        click.echo(_broken(verdict.broken, anchors))
        raise SystemExit(BROKEN)
    click.echo(_whole(verdict, anchors))


@audit_group.command("show")
@click.argument("record", metavar="TABLE/KEY")
@click.option("--limit", type=click.IntRange(1, MOST_LINES), default=200, show_default=True)
@click.option("--reason", help="Why, for the trail; with it personal values are shown in full.")
@click.pass_obj
def show(platform: Platform, record: str, limit: int, reason: str | None) -> None:
    """Tell the life of one record, such as residents/12: who, from where, when, and what changed.

    Personal values are masked, unless a reason is given.
    """
    word, _slash, key = record.partition("/")
    table = table_named(word)
    if table is None or not key:
        raise click.ClickException(_("Name a table and a key, such as residents/12."))
    with (
        platform.working("audit show", reason=reason),
        transaction(writes=reason is not None) as session,
    ):
        rows = list_life(session, table, key, limit=limit)
        lines = [told(row, in_full=reason is not None, key=key) for row in rows]
        staff_ids, resident_ids = people_in(lines)
        staff = find_staff_names(session, staff_ids)
        residents = find_resident_names(session, resident_ids)
    if not lines:
        raise click.ClickException(_("The trail knows nothing of {record}.", record=record))
    for line in lines:
        for text in _told(line, staff, residents):
            click.echo(text)


@audit_group.command("recompute")
@click.argument("run", type=int)
@click.pass_obj
def recompute_run(platform: Platform, run: int) -> None:
    """Derive a run of subsidies anew from its frozen facts and its version, line by line.

    Exit 0 where every line, sum and digest is as it was reckoned, 1 where one is not; the first
    lines that differ are named.
    """
    progress = Progress(say_on_stderr)

    def tell(done: int, of: int) -> None:
        progress.at(_("{done} of {all} lines.", done=f"{done:,}", all=f"{of:,}"))

    with platform.working("audit recompute"), transaction(writes=False) as session:
        be_patient(session)
        verdict = recompute(session, get_run(session, run), tell)
    for one in verdict.first:
        click.echo(_("Line {number}: {stored}, and should be: {derived}",
                     number=one.number, stored=one.stored, derived=one.derived))  # fmt: skip
    told = {"lines": f"{verdict.lines:,}", "amount": in_yuan(verdict.total_fen),
            "digest": verdict.lines_digest.hex()}  # fmt: skip
    click.echo(_("{lines} lines come to {amount} yuan, sha256 {digest}.", **told))
    if not verdict.holds:
        words = {"wrong": f"{verdict.wrong:,}", "slices": len(verdict.broken_slices)}
        click.echo(_("{wrong} lines and {slices} slices are not as they were reckoned.", **words))
        raise SystemExit(BROKEN)
    click.echo(_("All of it is as it was reckoned."))


@contextmanager
def _streaming(platform: Platform, action: str) -> Iterator[tuple[Stream, Settings]]:
    """The sealer's own connection: the application's may neither add links nor read all lines."""
    url = platform.sealer_url()
    with (
        platform.working(action) as present,
        open_stream(url, present.city, name="audit") as stream,
    ):
        yield stream, present


def _whole(verdict: Verdict, anchors: list[Anchor]) -> str:
    if not anchors:
        return _(
            "{lines} lines follow from each other. No anchor is here to say whether all of them"
            " were made anew: {first} to {last}.",
            lines=f"{verdict.lines:,}",
            first=f"{verdict.first:,}",
            last=f"{verdict.last:,}",
        )
    return _(
        "Whole: {lines} lines, {first} to {last}, are as they were sealed."
        " Anchored up to {anchored}.",
        lines=f"{verdict.lines:,}",
        first=f"{verdict.first:,}",
        last=f"{verdict.last:,}",
        anchored=f"{verdict.anchored:,}",
    )


def _broken(broken: Break, anchors: list[Anchor]) -> str:
    """What was done, where, and in which span of time it must have been."""
    sentences = [
        pgettext(
            "trail_break",
            broken.kind.value,
            position=f"{broken.position:,}",
            record=f"{broken.table}/{broken.key}" if broken.table else "–",
            line=broken.entry_id if broken.entry_id is not None else "–",
        )
    ]
    vouched = next((one for one in reversed(anchors) if one.position == broken.whole_until), None)
    if vouched is not None:
        sentences.append(
            _("Up to {position}, anchored {time}, all is as it was sealed.",
              position=f"{vouched.position:,}", time=_wall(vouched.at))
        )  # fmt: skip
    return "\n".join(sentences)


def _restored(one: Anchor) -> str:
    return _(
        "Brought back from a backup {time}, to position {position};"
        " later lines of before are gone.",
        time=_wall(one.at),
        position=f"{one.position:,}",
    )


def _told(line: Told, staff: Mapping[int, str], residents: Mapping[int, str]) -> Iterator[str]:
    yield f"{_wall(line.at)}  {_who(line, staff)}  {_what(line)}{_for_whom(line, residents)}"
    for change in line.changes:
        yield "    " + _(
            "{column}: {old} → {new}", column=change.column, old=change.old, new=change.new
        )
    if line.reason:
        yield "    " + _("Reason: {reason}", reason=line.reason)
    place = f"{line.position:,}" if line.position is not None else _("not sealed yet")
    yield "    " + _("{action} · line {line} · in the chain: {place}",
                     action=line.action, line=line.id, place=place)  # fmt: skip


def _who(line: Told, staff: Mapping[int, str]) -> str:
    face = pgettext("face", line.face)
    if line.staff_id is not None:
        name = staff.get(line.staff_id, f"#{line.staff_id}")
        return _("{name} ({face})", name=name, face=face)
    if line.account_id is not None:
        return _("Account {number} ({face})", number=line.account_id, face=face)
    return face


def _what(line: Told) -> str:
    return f"{pgettext('trail_operation', line.operation)} {table_word(line.table)} {line.key}"


def _for_whom(line: Told, residents: Mapping[int, str]) -> str:
    if line.for_resident_id is None:
        return ""
    name = residents.get(line.for_resident_id)
    shown = masking.name(name) if name else "–"
    return "  " + _("for {name} ({number})", name=shown, number=line.for_resident_id)


def _wall(at: datetime) -> str:
    return f"{at.astimezone(clock.CITY):%Y-%m-%d %H:%M:%S}"
