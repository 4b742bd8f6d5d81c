"""Cases for rules: somebody of whom everything is known, and rules with one part changed."""

from dataclasses import replace
from datetime import date
from functools import cache

import yaml

from server.caregivers.allowances.days import last_of_month
from server.caregivers.allowances.given import Breach
from server.caregivers.allowances.packs import ACaregiver, known_of, rulebook_of
from server.caregivers.allowances.rules import judge_month, judge_steps
from server.caregivers.allowances.terms import Programme
from server.caregivers.models import BreachKind
from server.policies.service import PACKS

AS_OF = date(2026, 7, 31)


@cache
def parameters(pack="reference"):
    return yaml.safe_load((PACKS / pack / "caregivers.yaml").read_text())["parameters"]


def reference(*, on_top=(), without_all=False, **parts):
    """The reference's rules, with other parts of the entry reward."""
    rows = [] if without_all else parameters()
    changed = {f"entry_reward.{part}": value for part, value in parts.items()}
    rows = [row | {"value": changed.get(row["key"], row["value"])} for row in rows]
    return rulebook_of([*rows, *on_top])


def somebody(**told):
    """A bachelor, front-line and full-time since 15 July 2023, with an open-ended contract."""
    usual = {
        "works": [{"starts_on": "2023-07-15"}],
        "contracts": [{"starts_on": "2023-07-15"}],
        "educations": [{"degree": "bachelor", "obtained_on": "2020-06-30"}],
    }
    if "works" in told and "contracts" not in told:
        usual["contracts"] = [{"starts_on": told["works"][0]["starts_on"]}]
    return usual | told


def known(told, breach=None):
    whole = known_of(ACaregiver.model_validate(told))
    if breach is None:
        return whole
    return replace(whole, breaches=[Breach(BreachKind.ACCIDENT, *breach, "事故认定〔2026〕1号")])


def entry(told, as_of=AS_OF, rulebook=None):
    """The steps of the entry reward."""
    return judge_steps(known(told), rulebook or reference(), Programme.ENTRY_REWARD, as_of=as_of)


def month_of(told, month, *, breach=None, rulebook=None):
    """What is said of the post allowance of a month that is over."""
    judged = judge_month(
        known(told, breach), rulebook or reference(), month, as_of=last_of_month(month)
    )
    return judged[0] if judged else None
