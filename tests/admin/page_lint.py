"""Reads a page as a careful reader of HTML would, and says what is wrong with it.

Every page that a test of the console asks for goes through `findings`.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source",
        "track", "wbr"}  # fmt: skip
DRAWN = {"svg", "use", "path", "rect", "circle", "g"}
NAMED_BY_THEMSELVES = {"hidden", "submit", "button"}
POINTERS = ("for", "aria-labelledby", "aria-describedby")


@dataclass
class Element:
    """An element with its attributes, its text so far, and what stands in it."""

    tag: str
    attributes: dict[str, str]
    # All elements of the page in their order: what stands in this one is a stretch of them.
    page: list["Element"] = field(repr=False)
    begins: int
    ends: int
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words of the element and of all in it, with single spaces."""
        return " ".join(" ".join(self.words).split())

    def find(self, *tags: str) -> Iterator["Element"]:
        return (element for element in self.every() if element.tag in tags)

    def every(self) -> list["Element"]:
        return self.page[self.begins : self.ends]


class Reader(HTMLParser):
    """Builds the tree and notes every tag that is not closed where it should be."""

    def __init__(self) -> None:
        super().__init__()
        self.page: list[Element] = []
        self.root = Element("", {}, self.page, 0, 0)
        self.open = [self.root]
        self.wrong: list[str] = []
        self.doctype = ""

    def updatepos(self, i: int, j: int) -> int:
        """Nobody asks for the line."""
        return j

    def handle_decl(self, decl: str) -> None:
        self.doctype = decl.lower()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        after = len(self.page) + 1
        element = Element(
            tag, {name: value or "" for name, value in attrs}, self.page, after, after
        )
        if len(element.attributes) < len(attrs):
            self.wrong.append(f"<{tag}> has an attribute twice")
        self.page.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID | DRAWN:
            self.wrong.append(f"<{tag}/> closes nothing in HTML")
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._close()

    def handle_endtag(self, tag: str) -> None:
        if self.open[-1].tag == tag:
            self._close()
        else:
            self.wrong.append(f"</{tag}> closes <{self.open[-1].tag}>")

    def handle_data(self, data: str) -> None:
        if not data.isspace():
            for element in self.open:
                element.words.append(data)

    def close(self) -> None:
        super().close()
        self.wrong += [f"<{element.tag}> is never closed" for element in self.open[1:]]
        while self.open:
            self._close()

    def _close(self) -> None:
        self.open.pop().ends = len(self.page)


def read(html: str) -> Element:
    """Return the tree of a page or of a part of one."""
    return _read(html).root


def findings(html: str, *, is_part: bool = False) -> list[str]:
    """Return what is wrong with a page; a part of a page has no title, heading and landmark."""
    reader = _read(html)
    wrong = list(reader.wrong)
    if not is_part:
        wrong += _of_the_whole(reader)
    for check in (_ids, _forms, _inputs, _names, _tables, _inline):
        wrong += check(reader.root)
    return wrong


def _read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


def _of_the_whole(reader: Reader) -> Iterator[str]:
    root = reader.root
    if reader.doctype != "doctype html":
        yield "the page does not begin with <!doctype html>"
    if not any(html.attributes.get("lang") for html in root.find("html")):
        yield "<html> does not say its language"
    headings = [heading.text for heading in root.find("h1")]
    titles = [title.text for title in root.find("title")]
    if len(headings) != 1:
        yield f"{len(headings)} <h1>: {headings}"
    elif not headings[0] or not titles or not titles[0].startswith(headings[0]):
        yield f"the title {titles} does not begin with the <h1> {headings}"
    if [main.attributes.get("id") for main in root.find("main")] != ["main"]:
        yield "there is not exactly one <main id=main>, where the skip link leads"


def _ids(root: Element) -> Iterator[str]:
    ids = Counter(e.attributes["id"] for e in root.every() if "id" in e.attributes)
    yield from (f"the id {name!r} stands {times} times" for name, times in ids.items() if times > 1)
    for element in root.every():
        for pointer in POINTERS:
            for name in element.attributes.get(pointer, "").split():
                if name not in ids:
                    yield f"<{element.tag} {pointer}={name!r}> points nowhere"


def _forms(root: Element) -> Iterator[str]:
    for form in root.find("form"):
        if not form.attributes.get("action"):
            yield "a form without an action"
        names = [one.attributes.get("name") for one in form.find("input")]
        if form.attributes.get("method") == "post" and "csrf_token" not in names:
            yield f"the form to {form.attributes.get('action')} has no csrf_token"


def _inputs(root: Element) -> Iterator[str]:
    labelled = {label.attributes.get("for") for label in root.find("label") if label.text}
    for one in root.find("input", "select", "textarea"):
        is_plain = one.attributes.get("type", "text") not in NAMED_BY_THEMSELVES
        is_labelled = one.attributes.get("id") in labelled or "aria-label" in one.attributes
        if is_plain and not is_labelled:
            yield f"<{one.tag} name={one.attributes.get('name')!r}> has no label"


def _names(root: Element) -> Iterator[str]:
    for one in root.find("a", "button"):
        if not one.text and not one.attributes.get("aria-label"):
            yield f"<{one.tag} {one.attributes}> has no words"
        if one.tag == "a" and not one.attributes.get("href"):
            yield f"the link {one.text!r} leads nowhere"
    for picture in root.find("img"):
        if "alt" not in picture.attributes:
            yield f"{picture.attributes.get('src')} has no alt"


def _tables(root: Element) -> Iterator[str]:
    for table in root.find("table"):
        if not any(caption.text for caption in table.find("caption")):
            yield "a table without a caption"
        for head in table.find("th"):
            if not head.attributes.get("scope"):
                yield f"<th> {head.text!r} does not say its scope"
            if not head.text:
                yield "an empty <th>"


def _inline(root: Element) -> Iterator[str]:
    """What the content security policy would refuse."""
    for element in root.every():
        is_inline = element.tag == "style" or (
            element.tag == "script" and "src" not in element.attributes
        )
        if is_inline or "style" in element.attributes:
            yield f"<{element.tag}> is styled or scripted in the page"
        yield from (f"<{element.tag} {a}>" for a in element.attributes if a.startswith("on"))
