"""Every kind that can be sent is treated by somebody's decision, not by chance."""

import pytest

from server.notifications.kinds import KINDS, UNLISTED, entry_of, kind_of, next_step
from server.notifications.models import Channel, Urgency
from server.notifications.texts import list_templates, names

REMINDER = kind_of("reminders.anything")


def test_every_kind_with_a_text_has_an_entry():
    assert [name for name in names() if entry_of(name) is None] == []


def test_every_entry_but_the_reminders_has_a_text():
    used = {entry_of(name) for name in names()}
    assert KINDS.keys() - used <= {"reminders."}


def test_every_kind_has_a_text_in_both_languages_and_no_hole_in_its_preview():
    for one in list_templates():
        assert [preview.language for preview in one.previews] == ["zh-CN", "en"], one.name
        assert all("{" not in preview.text for preview in one.previews), one.name


def test_codes_to_sign_in_go_by_text_message_alone_at_any_hour_to_nobodys_inbox():
    kind = kind_of("identity.sign_in_code")
    assert [step.channel for step in kind.ladder] == [Channel.SMS]
    assert (kind.urgency, kind.may_opt_out, kind.keeps_quiet) == (Urgency.URGENT, False, False)
    assert kind.inbox == ""


def test_the_longest_beginning_decides():
    assert entry_of("homecare.alarm_sos") == "homecare.alarm_"
    assert entry_of("homecare.sign") == "homecare."
    assert kind_of("nobody.knows") is UNLISTED


@pytest.mark.parametrize(
    ("done", "failed", "has_inbox", "following"),
    [
        (Channel.PUSH, False, True, Channel.EMAIL),
        (Channel.EMAIL, False, True, Channel.SMS),
        (Channel.SMS, False, True, None),
        (Channel.SMS, True, True, Channel.CALL),
        (Channel.SMS, True, False, Channel.CALL),
        (Channel.CALL, True, True, None),
        (Channel.INBOX, False, True, None),
    ],
)
def test_the_ladder_of_reminders(done, failed, has_inbox, following):
    step = next_step(REMINDER, done, failed=failed, has_inbox=has_inbox)
    assert (step and step.channel) == following
