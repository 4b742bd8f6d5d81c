"""A sample as a paper: how it was drawn, by which seed, what was found, and what that says."""

from collections.abc import Sequence

from admin.formats import yuan
from server import clock
from server.i18n.catalogues import current_language
from server.i18n.catalogues import gettext as _
from server.printing.papers import Facts, Paper, Signatures, Table, Words
from server.subsidies.samples import rules
from server.subsidies.samples.models import AuditSample, AuditSampleLine
from server.subsidies.samples.rules import Estimate


def paper_of(sample: AuditSample, drawn: Sequence[AuditSampleLine], found: Estimate) -> Paper:
    """Return the paper; the same sample on the same day gives the same paper."""
    return Paper(
        title=_("Sample of run {run}", run=sample.run_id),
        subtitle=_("Sample {number}", number=sample.id),
        made_on=clock.today(),
        parts=[_drawing(sample, len(drawn)), _method(), _said(found), _lines(drawn),
               Signatures([_("First auditor"), _("Second auditor")])],
        language=current_language()[:2],
    )  # fmt: skip


def _drawing(sample: AuditSample, size: int) -> Facts:
    population = sample.population or 0
    return Facts([
        (_("Run"), str(sample.run_id)),
        (_("SHA-256 of the seed"), bytes(sample.seed_digest).hex()),
        (_("Seed"), sample.seed or "—"),
        (_("Lines due in the run"), f"{population:,}"),
        (_("Lines drawn"), f"{size:,}"),
        (_("Bands"), str(sample.bands)),
        (_("Margin of error"), f"±{rules.margin(size, population):.1%}"),
    ])  # fmt: skip


def _method() -> Words:
    return Words(
        _(
            "The lot of a line is the SHA-256 of seed:run:number; in each band of amounts the"
            " lowest are drawn. The share of wrong lines has the interval of Wilson, the amount"
            " that of a stratified mean; 95 of 100 such intervals hold the true value."
        )
    )


def _said(found: Estimate) -> Facts:
    return Facts([
        (_("Looked at by two"), f"{found.looked_at:,}"),
        (_("Wrong"), f"{found.wrong:,}"),
        (_("Wrong in all lines"),
         f"{found.share:.1%} ({found.share_least:.1%} – {found.share_most:.1%})"),
        (_("Too much in all (yuan)"),
         f"{yuan(found.fen)} ({yuan(found.fen_least)} – {yuan(found.fen_most)})"),
    ])  # fmt: skip


def _lines(drawn: Sequence[AuditSampleLine]) -> Table:
    rows = [
        (str(one.number), str(one.band), yuan(one.amount_fen),
         "—" if one.right_fen is None else yuan(one.right_fen))
        for one in drawn
    ]  # fmt: skip
    headings = [_("Line"), _("Band"), _("Amount (yuan)"), _("Should have been (yuan)")]
    return Table(_("Lines drawn"), headings, rows, words=2)
