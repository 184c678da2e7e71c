"""Looking at English: lists of words, sentences, and what in a text is not its author's own wording."""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

_SAY = re.compile(r"^[ \t]*:{3,}[ \t]*say\b.*?^[ \t]*:{3,}[ \t]*$", re.MULTILINE | re.DOTALL)
_QUOTED = re.compile(r'"(?:[^"\n]|\n(?!\s*\n)){1,400}?"|“(?:[^”\n]|\n(?!\s*\n)){1,400}?”')
_MARKS = re.compile(r"\[@[^\]]{0,300}\]|\]\([^)\s]{0,2000}\)|https?://[^\s>)]+|`[^`\n]{0,500}`|\{\{[^{}]{0,80}\}\}")
_END = re.compile(r"""(?<=[.!?…])["”’')\]]*\s+(?=["“‘'(\[]*[A-Z0-9])""")
_ABBREVIATED = re.compile(r"\b(?:e\.g|i\.e|etc|cf|vs|Dr|Mr|Mrs|Ms|Prof|St|p|pp|ed|[A-Z])\.$")
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


@cache
def words() -> Mapping[str, Any]:
    """The lists of `words.toml`, which names the source of each."""
    return tomllib.loads(files("builder.quality").joinpath("words.toml").read_text(encoding="utf-8"))


@cache
def listed(name: str) -> re.Pattern[str]:
    """A pattern for any entry of a list; an entry is a regular expression that stands between the ends of words."""
    return any_of(words()[name]["words"])


def any_of(entries: Iterable[str]) -> re.Pattern[str]:
    """A pattern for any of the entries, as whole words in any case."""
    return re.compile(rf"(?<![\w-])(?:{'|'.join(entries)})(?![\w-])", re.IGNORECASE)


@lru_cache(maxsize=8_000)
def own_words(text: str, *, spoken: bool = True) -> str:
    """The text, equally long, without quotations, citations, addresses and code; `spoken`: with what is to be said."""
    for pattern in (_MARKS, _QUOTED) if spoken else (_SAY, _MARKS, _QUOTED):
        text = pattern.sub(_blank, text)
    return text


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def sentences(text: str) -> Iterator[str]:
    """The sentences of a paragraph."""
    start = 0
    for end in _END.finditer(text):
        if not _ABBREVIATED.search(text[max(start, end.start() - 12) : end.start()]):
            yield text[start : end.start()].strip()
            start = end.end()
    if text[start:].strip():
        yield text[start:].strip()


@lru_cache(maxsize=8_000)
def _spans(text: str) -> tuple[tuple[int, str], ...]:
    """Each sentence of a text with the place where it begins."""
    spans, start = [], 0
    for sentence in sentences(text):
        start = text.find(sentence, start)
        spans.append((start, sentence))
        start += len(sentence)
    return tuple(spans)


def sentence_at(text: str, at: int) -> str:
    """The sentence of a text in which a character stands."""
    spans = _spans(text)
    found = spans[max(bisect_right(spans, at, key=lambda span: span[0]) - 1, 0)] if spans else (0, "")
    return found[1]


def count_words(text: str) -> int:
    """How many words a text has; a number is one."""
    return len(re.findall(r"\w+(?:['’.,-]\w+)*", text))


def grade(lines: Iterable[str]) -> float:
    """The Flesch-Kincaid grade of sentences: a school year, rough, and made for English (Kincaid and others 1975)."""
    import syllapy

    found = [WORD.findall(line) for line in lines if WORD.search(line)]
    count = sum(map(len, found))
    syllables = sum(max(syllapy.count(word), 1) for line in found for word in line)
    return 0.39 * count / len(found) + 11.8 * syllables / count - 15.59 if found else 0.0
