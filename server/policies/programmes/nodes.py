"""A YAML file as plain values, with the line on which each of them stands.

Only what a reader cannot misread is taken: words, whole numbers in plain digits, true and false,
days. No anchors, no tags, nothing twice. Nothing of a file is ever evaluated.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml
from yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, NodeEvent

from server.policies.programmes.figures import Fault, Place

DEEPEST = 16
PLAIN_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,15})\Z")
# Control characters and halves of a pair: no database keeps them, and nobody reads them.
UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
TAG = "tag:yaml.org,2002:"
MISREAD = {
    "str": "not-text", "int": "number-unplain", "float": "number-unplain", "bool": "yes-or-no",
    "timestamp": "no-such-day",
}  # fmt: skip


@dataclass
class Document:
    """What a file says; `lines` tells the line of each place, counted from one."""

    value: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def line_of(self, place: Place) -> int:
        """Return the line of the place, or of the nearest around it that stands in the file."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def inner(self, place: Place) -> Place:
        """Return as much of the place as stands in the file."""
        while place and place not in self.lines:
            place = place[:-1]
        return place


def read_document(text: str) -> Document:
    """Read a file; what is wrong with it stands in its faults, and then its value is None."""
    document = Document()
    try:
        document.faults.extend(_shunned(text, document))
        node = None if document.faults else yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        document.lines[()] = error.problem_mark.line + 1 if error.problem_mark else 1
        return _with(document, Fault((), "not-yaml", {"said": error.problem or ""}))
    except yaml.YAMLError as error:
        return _with(document, Fault((), "not-yaml", {"said": str(error).splitlines()[0]}))
    if node is not None:
        document.value = _value(node, (), document)
    elif not document.faults:
        document.faults.append(Fault((), "empty-file"))
    return document if not document.faults else _with(document)


def _with(document: Document, *faults: Fault) -> Document:
    document.faults.extend(faults)
    document.value = None
    return document


def _shunned(text: str, document: Document) -> Iterator[Fault]:
    """Aliases and deep nesting are refused before anything is built of them."""
    deep = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        deep += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        code = "no-anchors" if isinstance(event, NodeEvent) and event.anchor else ""
        if isinstance(event, AliasEvent):
            code = "no-anchors"
        if deep > DEEPEST:
            code = "too-deep"
        if code:
            document.lines[()] = event.start_mark.line + 1 if event.start_mark else 1
            yield Fault((), code)
            return


def _value(node: yaml.Node, place: Place, document: Document) -> Any:
    document.lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, place, document)
    if isinstance(node, yaml.SequenceNode):
        return [_value(one, (*place, no), document) for no, one in enumerate(node.value)]
    return _scalar(node, place, document)


def _mapping(node: yaml.MappingNode, place: Place, document: Document) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in node.value:
        name = key.value if isinstance(key, yaml.ScalarNode) else ""
        name = "" if UNWRITABLE.search(name) else name
        inner = (*place, name)
        if not name or name in found or key.tag == f"{TAG}merge":
            document.lines[inner] = key.start_mark.line + 1
            document.faults.append(Fault(inner, "key-wrong", {"key": name}))
            continue
        document.lines[inner] = key.start_mark.line + 1
        found[name] = _value(value, inner, document)
    return found


def _scalar(node: yaml.Node, place: Place, document: Document) -> Any:
    kind, said = node.tag.removeprefix(TAG), node.value
    if kind == "str" and not UNWRITABLE.search(said):
        return said
    if kind == "null":
        return None
    if kind == "bool" and said in ("true", "false"):
        return said == "true"
    if kind == "int" and PLAIN_NUMBER.match(said):
        return int(said)
    if kind == "timestamp":
        try:
            return date.fromisoformat(said)
        except ValueError:
            pass
    shown = "" if kind == "str" else said[:40]
    document.faults.append(Fault(place, MISREAD.get(kind, "no-tags"), {"said": shown}))
    return None
