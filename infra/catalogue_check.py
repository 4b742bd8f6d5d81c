"""Hold the catalogues against the texts that the code marks: `python -m infra.catalogue_check`.

Every text a user can see is in both languages, nothing is empty or left over, and a translation
fills the placeholders of its sentence. Every code by which the domain can refuse has a sentence.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import admin.app  # noqa: F401
import mobile_api.app  # noqa: F401
import server.open_api.app  # noqa: F401
from server.errors import DomainError
from server.i18n.catalogues import DOMAINS, FOLDER, LANGUAGES, SENT
from server.web.problems import CODE_OF_STATUS, FAULT

ROOT = Path(__file__).parents[1]
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.js", "javascript")]
KEYWORDS = {"_": None, "gettext": None, "marked": None, "t": None, "pgettext": ((1, "c"), 2)}
TREES = ("server", "mobile_api", "admin", "scheduler", "infra")
PLACEHOLDER = re.compile(r"{(\w+)}")

SENT_TO = {"mobile_api/phone/": "phone", "mobile_api/counter_page/": "counter"}

# One name for one thing: what other papers call it stays out, but where it names a kind of place.
OTHER_NAMES = {
    "助餐点": "食堂", "助餐台": "取餐台", "领餐": "取餐", "个人支付": "自付", "半流质": "半流食",
}  # fmt: skip
KINDS_OF_PLACES = {"facility_kind", "canteen_kind"}

# These hold sentences that libraries or codes name, so the code does not mark them itself.
NOT_MARKED = {"problems", "messages"}

Key = tuple[str | None, str]
Catalogue = Mapping[Key, str]


def check() -> list[str]:
    """Return what is wrong, one line each; empty when all is well."""
    marked = dict(_marked_texts())
    catalogues = {
        (language, domain): _read(language, domain) for language in LANGUAGES for domain in DOMAINS
    }
    return [
        *_missing(marked, catalogues),
        *_left_over(marked, catalogues),
        *_unequal(catalogues),
        *_unfilled(catalogues),
        *_speechless(catalogues),
        *_called_otherwise(catalogues),
    ]


def _marked_texts() -> Iterator[tuple[Key, str]]:
    """Each marked text with the file it stands in; the phone's own are told by their file."""
    for tree in TREES:
        found = extract_from_dir(
            str(ROOT / tree), METHODS, {"**.html": {"silent": "false"}}, KEYWORDS,
            directory_filter=lambda folder: not folder.endswith(("/vendor", "__pycache__")),
        )  # fmt: skip
        for name, _line, message, _comments, context in found:
            if isinstance(message, str):
                yield (context, message), f"{tree}/{name}"


def _read(language: str, domain: str) -> Catalogue:
    path = FOLDER / language.replace("-", "_") / f"{domain}.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return {
            (entry.context, str(entry.id)): str(entry.string or "")
            for entry in read_po(file)
            if entry.id
        }


def _domains_of(file: str) -> list[str]:
    """An app reads its own catalogue; everything else reads the others as one."""
    for folder, domain in SENT_TO.items():
        if file.startswith(folder):
            return [domain]
    return [domain for domain in DOMAINS if domain not in SENT]


def _missing(
    marked: Mapping[Key, str], catalogues: Mapping[tuple[str, str], Catalogue]
) -> Iterator[str]:
    for key, file in sorted(marked.items(), key=str):
        for language in LANGUAGES:
            texts = [catalogues[language, domain].get(key) for domain in _domains_of(file)]
            if not any(texts):
                yield f"{language}: missing: {key[1]!r} ({file})"


def _left_over(
    marked: Mapping[Key, str], catalogues: Mapping[tuple[str, str], Catalogue]
) -> Iterator[str]:
    """Entries with a context are looked up by codes, and held against them by tests."""
    used = {key[1] for key in marked}
    for (language, domain), catalogue in catalogues.items():
        for context, message in catalogue:
            if context is None and domain not in NOT_MARKED and message not in used:
                yield f"{language}/{domain}: nobody uses: {message!r}"


def _unequal(catalogues: Mapping[tuple[str, str], Catalogue]) -> Iterator[str]:
    """Both languages say the same things, and say them all."""
    first, second = LANGUAGES
    for domain in DOMAINS:
        one, other = catalogues[first, domain], catalogues[second, domain]
        for key in sorted(one.keys() ^ other.keys(), key=str):
            yield f"{domain}: in one language only: {key}"
        for language in LANGUAGES:
            for key, text in catalogues[language, domain].items():
                if not text:
                    yield f"{language}/{domain}: empty: {key}"


def _unfilled(catalogues: Mapping[tuple[str, str], Catalogue]) -> Iterator[str]:
    """A sentence's placeholders are its translation's; a code's are the same in both languages."""
    for (language, domain), catalogue in catalogues.items():
        for (context, message), text in catalogue.items():
            source = catalogues[LANGUAGES[-1], domain].get((context, message), message)
            if set(PLACEHOLDER.findall(source)) != set(PLACEHOLDER.findall(text)):
                yield f"{language}/{domain}: placeholders differ: {message!r}"


def _speechless(catalogues: Mapping[tuple[str, str], Catalogue]) -> Iterator[str]:
    codes = {error.code for error in _descendants(DomainError)} | {*CODE_OF_STATUS.values(), FAULT}
    for language in LANGUAGES:
        for code in sorted(codes):
            if not catalogues[language, "problems"].get(("problem", code)):
                yield f"{language}: no sentence for the problem {code!r}"


def _called_otherwise(catalogues: Mapping[tuple[str, str], Catalogue]) -> Iterator[str]:
    for (language, domain), catalogue in catalogues.items():
        for (context, message), text in catalogue.items():
            for other, name in OTHER_NAMES.items():
                if other in text and context not in KINDS_OF_PLACES:
                    yield f"{language}/{domain}: {other} is called {name}: {message!r}"


def _descendants(error: type[DomainError]) -> Iterator[type[DomainError]]:
    for child in error.__subclasses__():
        yield child
        yield from _descendants(child)


def main() -> int:
    """Say what is wrong; the exit status is 1 then."""
    wrong = check()
    for line in wrong:
        sys.stderr.write(f"{line}\n")
    sys.stdout.write(f"catalogues: {len(wrong)} to mend\n" if wrong else "catalogues: complete\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
