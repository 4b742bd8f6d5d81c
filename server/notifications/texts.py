"""Every text that can be sent, filled with an example, and how long it is."""

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from server.i18n.catalogues import LANGUAGES, catalogue
from server.notifications import rules
from server.notifications.kinds import Kind, Topic, kind_of
from server.notifications.models import Channel

CONTEXT = "message\x04"
# What stands for a fact in a preview; a fact that is not named here stands as its name.
EXAMPLES: Mapping[str, str] = {
    "code": "048213",
    "sign_in_name": "wanghong",
    "site": "阳光养老院",
    "canteen": "建设路老年食堂",
    "time": "11-23 11:30",
    "until": "11-23 18:00",
    "day": "11-23",
    "days": "7",
    "count": "3",
    "name": "李秀英",
    "worker": "王红",
    "amount": "12.00",
    "reason": "设备检修",
    "digits": "0482",
    "misses": "3",
    "home": "阳光养老院",
    "phone": "138****1234",
    "address": "建设路 1 号",
}


@dataclass(frozen=True)
class Preview:
    """One text in one language, as its reader would get it."""

    language: str
    text: str

    @property
    def length(self) -> int:
        """How many characters it has."""
        return len(self.text)

    @property
    def parts(self) -> int:
        """How many text messages it fills."""
        return rules.sms_parts(self.text)


@dataclass(frozen=True)
class Template:
    """A kind of message with its texts."""

    name: str
    kind: Kind
    previews: Sequence[Preview]

    @property
    def channels(self) -> Sequence[Channel]:
        """The ways it takes, in their order."""
        return [step.channel for step in self.kind.ladder]


def list_templates(topic: Topic | None = None) -> Sequence[Template]:
    """Return every kind that has a text, by name."""
    found = (Template(name, kind_of(name), _previews(name)) for name in names())
    return [one for one in found if topic in (None, one.kind.topic)]


def names() -> Sequence[str]:
    """Return the names of all kinds that have a text in any language."""
    known = {
        entry.removeprefix(CONTEXT)
        for language in LANGUAGES
        for entry in catalogue(language, "messages")
        if entry.startswith(CONTEXT)
    }
    return sorted(known)


def _previews(name: str) -> Sequence[Preview]:
    found = []
    for language in LANGUAGES:
        template = catalogue(language, "messages").get(CONTEXT + name)
        if template is not None:
            fields = {field for _, field, _, _ in string.Formatter().parse(template) if field}
            facts = {field: EXAMPLES.get(field, f"〈{field}〉") for field in fields}
            found.append(Preview(language, template.format_map(facts)))
    return found
