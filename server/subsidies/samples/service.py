"""Bind a seed, draw by it, enter what lines should have been by two keys, and verify the draw."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from hashlib import sha256

from sqlalchemy import func, insert, select
from sqlmodel import Session, col

from server import clock
from server.db.sessions import actor_of
from server.db.tables import as_wide_as_any, table_of
from server.errors import NotFound
from server.subsidies.models import Outcome, RunStage, SubsidyLine, SubsidyRun
from server.subsidies.samples import rules
from server.subsidies.samples.errors import (
    ResultNeedsAnother,
    ResultsDiffer,
    ResultStands,
    RunIsNotReckoned,
    SampleIsDrawn,
    SeedIsAnother,
)
from server.subsidies.samples.models import AuditSample, AuditSampleLine
from server.subsidies.samples.rules import Drawn, Estimate

UNFINISHED = (RunStage.GATHERING, RunStage.COMPUTING, RunStage.DISCARDED)


def bind(session: Session, run_id: int, *, size: int, bands: int, seed: str) -> AuditSample:
    """Publish the digest of a seed before anything is drawn by it; the seed is not kept.

    Raises `RunIsNotReckoned`, and `NotFound` for whoever sees but a part of the run.
    """
    run = session.get(SubsidyRun, run_id)
    if run is None:
        raise NotFound()
    if run.stage in UNFINISHED:
        raise RunIsNotReckoned()
    _check_whole(session, run_id)
    sample = AuditSample(
        run_id=run_id, bands=bands, size=size, seed_digest=sha256(seed.encode()).digest(),
        bound_at=clock.now(), bound_by=actor_of(session).staff_id,
    )  # fmt: skip
    session.add(sample)
    session.flush()
    return sample


def draw(session: Session, sample_id: int, *, seed: str) -> Sequence[Drawn]:
    """Draw the lines by the seed that was bound; once.

    Raises `NotFound`, `SampleIsDrawn` and `SeedIsAnother`.
    """
    sample = _locked(session, sample_id)
    if sample.drawn_at is not None:
        raise SampleIsDrawn()
    if sha256(seed.encode()).digest() != bytes(sample.seed_digest):
        raise SeedIsAnother()
    lines = _lines_due(session, sample.run_id)
    drawn = rules.draw(seed, sample.run_id, lines, size=sample.size, bands=sample.bands)
    sample.seed, sample.drawn_at = seed, clock.now()
    sample.drawn_by = actor_of(session).staff_id
    sample.population, sample.population_fen = len(lines), sum(fen for _, fen in lines)
    session.flush()
    if drawn:
        given = [asdict(one) | {"sample_id": sample_id, "words": ""} for one in drawn]
        session.execute(insert(table_of(AuditSampleLine)), given)
    return drawn


def verify(session: Session, sample_id: int) -> bool:
    """Draw anew by the seed and say whether the same lines come out; raises `NotFound`."""
    sample = get_sample(session, sample_id)
    if sample.seed is None:
        return False
    lines = _lines_due(session, sample.run_id)
    anew = rules.draw(sample.seed, sample.run_id, lines, size=sample.size, bands=sample.bands)
    kept = {Drawn(one.number, one.band, one.amount_fen) for one in list_drawn(session, sample_id)}
    return kept == set(anew)


def enter_result(
    session: Session, sample_id: int, number: int, *, right_fen: int, words: str
) -> None:
    """Say what a line should have been; the second who says the same confirms it.

    Raises `ResultStands`, `ResultNeedsAnother`, `ResultsDiffer`, and `NotFound` for whoever sees
    but a part of the run.
    """
    line = _locked_line(session, sample_id, number)
    _check_whole(session, get_sample(session, sample_id).run_id)
    own_id = actor_of(session).staff_id
    if line.confirmed_at is not None:
        raise ResultStands()
    if line.entered_by is None:
        line.right_fen, line.words = right_fen, words.strip()
        line.entered_at, line.entered_by = clock.now(), own_id
    elif line.entered_by == own_id:
        if line.right_fen == right_fen:
            raise ResultNeedsAnother()
        line.right_fen, line.words, line.entered_at = right_fen, words.strip(), clock.now()
    elif line.right_fen != right_fen:
        raise ResultsDiffer()
    else:
        line.confirmed_at, line.confirmed_by = clock.now(), own_id
    session.flush()


def estimate(session: Session, sample_id: int) -> Estimate:
    """What the confirmed lines say of the run."""
    sample = get_sample(session, sample_id)
    looked = [
        rules.Looked(one.band, one.amount_fen, one.right_fen)
        for one in list_drawn(session, sample_id)
        if one.confirmed_at is not None and one.right_fen is not None
    ]
    return rules.estimate(looked, _band_sizes(sample))


def get_sample(session: Session, sample_id: int) -> AuditSample:
    """Return a sample; raises `NotFound`."""
    sample = session.get(AuditSample, sample_id)
    if sample is None:
        raise NotFound()
    return sample


def list_samples(session: Session) -> Sequence[AuditSample]:
    """Return the samples, the newest first; two hundred at most."""
    newest = select(AuditSample).order_by(col(AuditSample.id).desc()).limit(200)
    return session.execute(newest).scalars().all()


def list_drawn(session: Session, sample_id: int) -> Sequence[AuditSampleLine]:
    """Return the lines that were drawn, by band and number."""
    return (
        session.execute(
            select(AuditSampleLine)
            .where(col(AuditSampleLine.sample_id) == sample_id)
            .order_by(col(AuditSampleLine.band), col(AuditSampleLine.number))
        )
        .scalars()
        .all()
    )


def _band_sizes(sample: AuditSample) -> Mapping[int, int]:
    population = sample.population or 0
    edges = [population * band // sample.bands for band in range(sample.bands + 1)]
    return {band: edges[band] - edges[band - 1] for band in range(1, sample.bands + 1)}


def _check_whole(session: Session, run_id: int) -> None:
    seen = select(func.count()).where(col(SubsidyLine.run_id) == run_id)
    if session.execute(seen).scalar_one() != session.get_one(SubsidyRun, run_id).lines:
        raise NotFound()


def _lines_due(session: Session, run_id: int) -> Sequence[tuple[int, int]]:
    """Every line of the run that is due; raises `NotFound` for whoever sees but a part of it."""
    columns = (SubsidyLine.number, SubsidyLine.amount_fen, SubsidyLine.outcome)
    rows = session.execute(
        select(*map(col, columns))
        .where(col(SubsidyLine.run_id) == run_id)
        .order_by(col(SubsidyLine.number))
    ).all()
    if len(rows) != session.get_one(SubsidyRun, run_id).lines:
        raise NotFound()
    return [(row.number, row.amount_fen) for row in rows if row.outcome == Outcome.DUE]


def _locked(session: Session, sample_id: int) -> AuditSample:
    found: AuditSample | None = session.execute(
        select(AuditSample).where(col(AuditSample.id) == sample_id).with_for_update()
    ).scalar_one_or_none()
    if found is None:
        raise NotFound()
    return found


def _locked_line(session: Session, sample_id: int, number: int) -> AuditSampleLine:
    found: AuditSampleLine | None = session.execute(
        select(AuditSampleLine)
        .where(
            col(AuditSampleLine.sample_id) == sample_id,
            col(AuditSampleLine.number) == as_wide_as_any(number),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound()
    return found
