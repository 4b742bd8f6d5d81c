"""The life of a renovation as one table: from where to where, who, what must be there, by when.

The way: county practice of 适老化改造 (S79-S86: application, visit, quote, photos before and after
with place, acceptance). `infra/docs/renovations.md` and every refusal are made from this table.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from server.homecare.lives import ACCEPT, APPLY, DECIDE, FILE, RUN, Life, Move, Told
from server.homecare.renovations.facts import Facts


class RenovationState(StrEnum):
    """Where a renovation stands: the step that is waited for."""

    APPLIED = "applied"  # 申请
    SURVEY = "survey"  # 入户评估
    QUOTING = "quoting"  # 报价
    CONSENT = "consent"  # 待同意
    BUILDING = "building"  # 施工
    ACCEPTANCE = "acceptance"  # 验收
    SETTLED = "settled"  # 已结
    ENDED = "ended"  # 终止


class RenovationStep(StrEnum):
    """What somebody does with a renovation."""

    APPLY = "apply"  # 提出申请
    TAKE_UP = "take_up"  # 受理
    SURVEY = "survey"  # 评估完成
    QUOTE = "quote"  # 报价
    AGREE = "agree"  # 同意报价
    DECLINE = "decline"  # 不同意报价
    FINISH = "finish"  # 完工
    REDO = "redo"  # 验收不通过，返工
    SETTLE = "settle"  # 验收通过，结清
    END = "end"  # 终止
    REFUSE = "refuse"  # 不予受理
    WITHDRAW = "withdraw"  # 本人撤回


class Need(StrEnum):
    """What must be there before a step; the catalogues say each in words, under `need`."""

    LIVES_HERE = "lives_here"
    NO_TRADE_IN = "no_trade_in"
    NO_FULL_BED_GRANT = "no_full_bed_grant"
    ITEMS_CHOSEN = "items_chosen"
    PHOTOS_BEFORE = "photos_before"
    PHOTOS_AT_HOME = "photos_at_home"
    PHOTOS_NEW = "photos_new"
    CONTRACTOR = "contractor"
    PROVIDER_QUALIFIED = "provider_qualified"
    QUOTED = "quoted"
    PHOTOS_AFTER = "photos_after"
    INVOICE = "invoice"
    ACCEPTED_BY_TWO = "accepted_by_two"


IS_THERE: Mapping[Need, Callable[[Facts], bool]] = {
    Need.LIVES_HERE: lambda facts: facts.lives_here,
    Need.NO_TRADE_IN: lambda facts: not facts.has_trade_in,
    Need.NO_FULL_BED_GRANT: lambda facts: not facts.has_full_bed_grant,
    Need.ITEMS_CHOSEN: lambda facts: facts.items > 0,
    Need.PHOTOS_BEFORE: lambda facts: facts.rooms_not_seen_before == 0,
    Need.PHOTOS_AT_HOME: lambda facts: facts.photos_elsewhere == 0,
    Need.PHOTOS_NEW: lambda facts: facts.photos_again == 0,
    Need.CONTRACTOR: lambda facts: facts.site_id is not None,
    Need.PROVIDER_QUALIFIED: lambda facts: facts.is_provider_qualified,
    Need.QUOTED: lambda facts: facts.is_quoted,
    Need.PHOTOS_AFTER: lambda facts: facts.rooms_not_seen_after == 0,
    Need.INVOICE: lambda facts: facts.invoice_ref is not None,
    Need.ACCEPTED_BY_TWO: lambda facts: facts.accepted_by >= 2,
}

S, Step = RenovationState, RenovationStep
BEFORE_CONSENT = (S.APPLIED, S.SURVEY, S.QUOTING, S.CONSENT)
ON_THE_WAY = (*BEFORE_CONSENT, S.BUILDING, S.ACCEPTANCE)
ENTITLED = (Need.LIVES_HERE, Need.NO_TRADE_IN, Need.NO_FULL_BED_GRANT)
PHOTOS = (Need.PHOTOS_BEFORE, Need.PHOTOS_AT_HOME, Need.PHOTOS_NEW)
BUILDER = (Need.CONTRACTOR, Need.PROVIDER_QUALIFIED)


_BOTH = (Told.RESIDENT, Told.PROVIDER)
TABLE: Sequence[Move[RenovationState, RenovationStep, Need]] = (
    Move(Step.APPLY, (), S.APPLIED, (APPLY, FILE), ENTITLED),
    Move(Step.TAKE_UP, (S.APPLIED,), S.SURVEY, (FILE,), ENTITLED, (Told.RESIDENT,)),
    Move(Step.SURVEY, (S.SURVEY,), S.QUOTING, (FILE,),
         (*ENTITLED, Need.ITEMS_CHOSEN, *PHOTOS, *BUILDER), _BOTH),
    Move(Step.QUOTE, (S.QUOTING,), S.CONSENT, (RUN,),
         (*ENTITLED, *BUILDER, Need.QUOTED), (Told.RESIDENT,)),
    Move(Step.AGREE, (S.CONSENT,), S.BUILDING, (APPLY, FILE),
         (*ENTITLED, *BUILDER, Need.QUOTED), (Told.PROVIDER,)),
    Move(Step.DECLINE, (S.CONSENT,), S.QUOTING, (APPLY, FILE), (), (Told.PROVIDER,)),
    Move(Step.FINISH, (S.BUILDING,), S.ACCEPTANCE, (RUN,),
         (Need.LIVES_HERE, Need.PHOTOS_AFTER, Need.PHOTOS_AT_HOME, Need.PHOTOS_NEW,
          Need.INVOICE), (Told.RESIDENT,)),
    Move(Step.REDO, (S.ACCEPTANCE,), S.BUILDING, (ACCEPT,), (), (Told.PROVIDER,)),
    Move(Step.SETTLE, (S.ACCEPTANCE,), S.SETTLED, (DECIDE,),
         (Need.PHOTOS_AFTER, Need.PHOTOS_AT_HOME, Need.PHOTOS_NEW, Need.INVOICE,
          Need.ACCEPTED_BY_TWO), _BOTH),
    Move(Step.END, (S.BUILDING, S.ACCEPTANCE), S.ENDED, (DECIDE,), (), _BOTH),
    Move(Step.REFUSE, BEFORE_CONSENT, S.ENDED, (FILE, DECIDE), (), _BOTH),
    Move(Step.WITHDRAW, BEFORE_CONSENT, S.ENDED, (APPLY, FILE), (), _BOTH),
)  # fmt: skip
# What is settled or ended waits for nothing.
NEXT_STEP = {
    S.APPLIED: Step.TAKE_UP,
    S.SURVEY: Step.SURVEY,
    S.QUOTING: Step.QUOTE,
    S.CONSENT: Step.AGREE,
    S.BUILDING: Step.FINISH,
    S.ACCEPTANCE: Step.SETTLE,
}
SAID_WITH_IT = {
    Step.SURVEY: frozenset(BUILDER),
    Step.QUOTE: frozenset({Need.QUOTED}),
    Step.FINISH: frozenset({Need.INVOICE}),
}

RENOVATION_LIFE = Life(TABLE, IS_THERE, NEXT_STEP, SAID_WITH_IT)
