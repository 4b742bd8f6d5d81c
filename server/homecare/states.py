"""The life of a bed at home as one table: from where to where, who, what must be there, by when.

Steps and order: 民政部《家庭养老床位服务基本规范》 (since 2025-02-01), county practice (S87, S20).
The document `infra/docs/home_beds.md` and every refusal are made from this table.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from server.homecare.facts import Facts
from server.homecare.lives import ACCEPT, APPLY, DECIDE, FILE, RUN, Life, Move, Told
from server.homecare.models import IN_USE, HomeBedState

S = HomeBedState


class Step(StrEnum):
    """What somebody does with a bed at home."""

    APPLY = "apply"  # 提出申请
    TAKE_UP = "take_up"  # 受理
    PASS_PRECHECK = "pass_precheck"  # 初审通过
    OPEN_NOTICE = "open_notice"  # 评估通过，开始公示
    CLOSE_NOTICE = "close_notice"  # 公示结束
    SIGN = "sign"  # 签订协议
    BUILD = "build"  # 建设完成
    REDO = "redo"  # 验收不通过，重新建设
    BEGIN = "begin"  # 验收通过，开始服务
    PAUSE = "pause"  # 暂停
    RESUME = "resume"  # 恢复
    END = "end"  # 终止
    REFUSE = "refuse"  # 不予受理
    WITHDRAW = "withdraw"  # 本人撤回


class Need(StrEnum):
    """What must be there before a step; the catalogues say each in words, under `need`."""

    LIVES_HERE = "lives_here"
    LEVEL = "level"
    PROVIDER = "provider"
    PROVIDER_QUALIFIED = "provider_qualified"
    NOTICE_OVER = "notice_over"
    OBJECTIONS_SETTLED = "objections_settled"
    AGREEMENT_LONG_ENOUGH = "agreement_long_enough"
    AGREEMENT_IN_FORCE = "agreement_in_force"
    INSTALLED = "installed"
    ACCEPTED_BY_TWO = "accepted_by_two"
    NO_OTHER_BED = "no_other_bed"
    CONSENT_STANDS = "consent_stands"


IS_THERE: Mapping[Need, Callable[[Facts], bool]] = {
    Need.LIVES_HERE: lambda facts: facts.lives_here,
    Need.LEVEL: lambda facts: facts.is_disabled,
    Need.PROVIDER: lambda facts: facts.site_id is not None,
    Need.PROVIDER_QUALIFIED: lambda facts: facts.is_provider_qualified,
    Need.NOTICE_OVER: lambda facts: facts.is_notice_over,
    Need.OBJECTIONS_SETTLED: lambda facts: facts.open_objections == 0,
    Need.AGREEMENT_LONG_ENOUGH: lambda facts: facts.is_agreement_long_enough,
    Need.AGREEMENT_IN_FORCE: lambda facts: facts.is_agreement_in_force,
    Need.INSTALLED: lambda facts: facts.is_installed,
    Need.ACCEPTED_BY_TWO: lambda facts: facts.accepted_by >= 2,
    Need.NO_OTHER_BED: lambda facts: not facts.is_in_another_bed,
    Need.CONSENT_STANDS: lambda facts: not facts.is_consent_withdrawn,
}

ON_THE_WAY = (S.APPLIED, S.PRECHECK, S.ASSESSMENT, S.NOTICE, S.SIGNING, S.BUILDING, S.ACCEPTANCE)
TO_SERVE = (
    Need.LIVES_HERE,
    Need.LEVEL,
    Need.PROVIDER,
    Need.PROVIDER_QUALIFIED,
    Need.AGREEMENT_IN_FORCE,
    Need.NO_OTHER_BED,
    Need.CONSENT_STANDS,
)


_BOTH = (Told.RESIDENT, Told.PROVIDER)
TABLE: Sequence[Move[HomeBedState, Step, Need]] = (
    Move(Step.APPLY, (), S.APPLIED, (APPLY, FILE), (Need.LIVES_HERE,)),
    Move(Step.TAKE_UP, (S.APPLIED,), S.PRECHECK, (FILE,), (Need.LIVES_HERE,)),
    Move(Step.PASS_PRECHECK, (S.PRECHECK,), S.ASSESSMENT, (FILE,), (Need.LIVES_HERE,),
         (Told.RESIDENT, Told.COUNTY)),
    Move(Step.OPEN_NOTICE, (S.ASSESSMENT,), S.NOTICE, (DECIDE,),
         (Need.LIVES_HERE, Need.LEVEL, Need.PROVIDER, Need.PROVIDER_QUALIFIED),
         (Told.RESIDENT, Told.COUNTY)),
    Move(Step.CLOSE_NOTICE, (S.NOTICE,), S.SIGNING, (DECIDE,),
         (Need.LIVES_HERE, Need.LEVEL, Need.PROVIDER, Need.PROVIDER_QUALIFIED,
          Need.NOTICE_OVER, Need.OBJECTIONS_SETTLED), _BOTH),
    Move(Step.SIGN, (S.SIGNING,), S.BUILDING, (RUN,),
         (Need.LIVES_HERE, Need.LEVEL, Need.PROVIDER, Need.PROVIDER_QUALIFIED,
          Need.AGREEMENT_LONG_ENOUGH, Need.CONSENT_STANDS), (Told.RESIDENT,)),
    Move(Step.BUILD, (S.BUILDING,), S.ACCEPTANCE, (RUN,), (Need.LIVES_HERE, Need.INSTALLED),
         (Told.RESIDENT, Told.COUNTY)),
    Move(Step.REDO, (S.ACCEPTANCE,), S.BUILDING, (ACCEPT,), (), (Told.PROVIDER,)),
    Move(Step.BEGIN, (S.ACCEPTANCE,), S.SERVING, (RUN,),
         (*TO_SERVE, Need.INSTALLED, Need.ACCEPTED_BY_TWO), (Told.RESIDENT,)),
    Move(Step.PAUSE, (S.SERVING,), S.PAUSED, (RUN,), (), (Told.RESIDENT,)),
    Move(Step.RESUME, (S.PAUSED,), S.SERVING, (RUN,), TO_SERVE, (Told.RESIDENT,)),
    Move(Step.END, IN_USE, S.ENDED, (RUN, DECIDE), (), _BOTH),
    Move(Step.REFUSE, ON_THE_WAY, S.ENDED, (FILE, DECIDE), (), _BOTH),
    Move(Step.WITHDRAW, (*ON_THE_WAY, *IN_USE), S.ENDED, (APPLY, FILE), (), _BOTH),
)  # fmt: skip
# A bed that serves waits for nothing.
NEXT_STEP = {
    S.APPLIED: Step.TAKE_UP,
    S.PRECHECK: Step.PASS_PRECHECK,
    S.ASSESSMENT: Step.OPEN_NOTICE,
    S.NOTICE: Step.CLOSE_NOTICE,
    S.SIGNING: Step.SIGN,
    S.BUILDING: Step.BUILD,
    S.ACCEPTANCE: Step.BEGIN,
    S.PAUSED: Step.RESUME,
}
SAID_WITH_IT = {
    Step.OPEN_NOTICE: frozenset({Need.PROVIDER, Need.PROVIDER_QUALIFIED}),
    Step.SIGN: frozenset({Need.AGREEMENT_LONG_ENOUGH}),
    Step.BUILD: frozenset({Need.INSTALLED}),
}

BED_LIFE = Life(TABLE, IS_THERE, NEXT_STEP, SAID_WITH_IT)
