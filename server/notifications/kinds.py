"""What each kind of message is: for whom, by which ways, how urgent, and whether it may wait.

A kind stands here by its name or by the longest beginning of it. The texts stand in the catalogue
`messages`; a test holds each of them to an entry here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from server.notifications.models import Channel, Urgency


class Topic(StrEnum):
    """Groups of kinds, as a person chooses among them."""

    SECURITY = "security"
    MONEY = "money"
    ALARMS = "alarms"
    MEALS = "meals"
    CARE = "care"
    BEDS = "beds"
    WORK = "work"
    TRAINING = "training"
    REMINDERS = "reminders"


class Inbox(StrEnum):
    """In whose inbox a message lies: an account's, a member of staff's, either's, or nobody's."""

    NOBODY = ""
    ACCOUNT = "account"
    STAFF = "staff"
    EITHER = "either"


class When(StrEnum):
    """What must have come of the way before, for the next one to be taken."""

    UNSEEN = "unseen"
    FAILED = "failed"


@dataclass(frozen=True)
class Step:
    """One way of a ladder; `wait` is counted from the end of the way before."""

    channel: Channel
    wait: timedelta = timedelta()
    when: When = When.UNSEEN


@dataclass(frozen=True)
class Kind:
    """How messages of a kind are treated."""

    topic: Topic
    inbox: Inbox
    ladder: tuple[Step, ...]
    urgency: Urgency = Urgency.NORMAL
    may_opt_out: bool = True
    keeps_quiet: bool = True


# Ways that reach devices and addresses of an owner; whoever has no inbox has none of these.
OF_AN_INBOX = (Channel.PUSH, Channel.EMAIL)
SMS = Step(Channel.SMS)
CALL = Step(Channel.CALL, when=When.FAILED)
UNSEEN_FOR = timedelta(minutes=30)
AT_ONCE = (SMS,)
# Whoever shows the push to nobody is written to after half an hour, and called when that fails.
PATIENT = (
    Step(Channel.PUSH),
    Step(Channel.EMAIL),
    Step(Channel.SMS, UNSEEN_FOR),
    CALL,
)


def _secure(inbox: Inbox) -> Kind:
    return Kind(
        Topic.SECURITY, inbox, AT_ONCE, Urgency.URGENT, may_opt_out=False, keeps_quiet=False
    )


def _work(**given: Any) -> Kind:
    return Kind(Topic.WORK, Inbox.STAFF, AT_ONCE, **given)


KINDS: Mapping[str, Kind] = {
    "identity.": _secure(Inbox.STAFF),
    "identity.sign_in_code": _secure(Inbox.NOBODY),
    "identity.account_closed": _secure(Inbox.ACCOUNT),
    "residents.": _secure(Inbox.ACCOUNT),
    "caregivers.link_ended": _secure(Inbox.ACCOUNT),
    "residents.assessments_ending": _work(),
    "facilities.return_": _work(),
    "facilities.papers_ending": _work(),
    "facilities.county_papers": _work(),
    "facilities.bed_offered": Kind(
        Topic.BEDS, Inbox.ACCOUNT, (SMS, CALL), may_opt_out=False, keeps_quiet=True
    ),
    "homecare.": Kind(Topic.CARE, Inbox.ACCOUNT, AT_ONCE),
    "homecare.alarm_": Kind(
        Topic.ALARMS, Inbox.EITHER, AT_ONCE, Urgency.URGENT, may_opt_out=False, keeps_quiet=False
    ),
    "homecare.devices_silent": _work(),
    "homecare.county_digest": _work(),
    "homecare.community_late": _work(),
    "homecare.provider_": _work(),
    "renovation.": Kind(Topic.CARE, Inbox.ACCOUNT, AT_ONCE),
    "renovation.provider_": _work(),
    "care_order.": Kind(Topic.CARE, Inbox.ACCOUNT, AT_ONCE),
    "care_order.provider_": _work(),
    "meals.": Kind(Topic.MEALS, Inbox.ACCOUNT, AT_ONCE),
    # A place that lapses within the hour is of no use in the morning.
    "meals.place_offered": Kind(Topic.MEALS, Inbox.ACCOUNT, AT_ONCE, keeps_quiet=False),
    "meals.refund_refused": Kind(Topic.MONEY, Inbox.EITHER, AT_ONCE, may_opt_out=False),
    "meals.samples_missing": _work(),
    "meals.county_digest": _work(),
    "timetable.": _work(may_opt_out=False),
    "training.": Kind(Topic.TRAINING, Inbox.ACCOUNT, PATIENT),
    "reminders.": Kind(Topic.REMINDERS, Inbox.EITHER, PATIENT),
    "subsidies.": Kind(Topic.MONEY, Inbox.EITHER, PATIENT, may_opt_out=False),
    # Offices have no account: one with the same phone is somebody's private one.
    "reminders.site_digest": Kind(Topic.WORK, Inbox.STAFF, PATIENT),
    "reminders.county_list": Kind(Topic.WORK, Inbox.STAFF, PATIENT),
}
# A kind that is not listed goes as it was asked for, at once and to nobody's inbox.
UNLISTED = Kind(Topic.WORK, Inbox.NOBODY, AT_ONCE, may_opt_out=False, keeps_quiet=False)


def kind_of(name: str) -> Kind:
    """Return the entry for the longest beginning of the name; `UNLISTED` where there is none."""
    entry = entry_of(name)
    return UNLISTED if entry is None else KINDS[entry]


def entry_of(name: str) -> str | None:
    """Return under which beginning a kind stands in the table."""
    return max((entry for entry in KINDS if name.startswith(entry)), key=len, default=None)


def first_channels(kind: Kind) -> tuple[Channel, Channel]:
    """Return the first way for whoever has an inbox, and for whoever has none."""
    alone = next((step.channel for step in kind.ladder if step.channel is Channel.SMS), Channel.SMS)
    return kind.ladder[0].channel, alone


def next_step(kind: Kind, done: Channel, *, failed: bool, has_inbox: bool) -> Step | None:
    """Return the way to take after one has ended, or None where the ladder has.

    `failed` says that the way that ended did not bring the message to anybody.
    """
    channels = [step.channel for step in kind.ladder]
    rest = kind.ladder[channels.index(done) + 1 :] if done in channels else ()
    for step in rest:
        if step.channel in OF_AN_INBOX and not has_inbox:
            continue
        if step.when is When.FAILED and not failed:
            continue
        return step
    return None
