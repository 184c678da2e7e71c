"""Text as HTML: cleaned, escaped, with its direction, the language of its phrases and its links."""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from typing import Final

from builder.addresses import safe_target
from builder.blocks import Run
from builder.scripts import Phrase, direction, phrases, runs_right_to_left
from builder.strict import clean

_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})


def text(plain: str) -> str:
    """The text, cleaned and escaped, as it may stand in an element."""
    return clean(plain).translate(_ESCAPES)


def attribute(plain: str) -> str:
    """The text as the value of an attribute, its quotes included."""
    return f'"{text(plain)}"'


def turned(plain: str, language: str) -> str:
    """The `dir` of an element with this text, by its first strong character, where it is not that of the page."""
    own = direction(plain)
    return "" if own is None or own == runs_right_to_left(language) else _dir(rtl=own)


def _dir(*, rtl: bool) -> str:
    return f' dir="{"rtl" if rtl else "ltr"}"'


def inline(runs: Sequence[Run], language: str) -> str:
    """The runs of one paragraph; neighbours with one address are one link."""
    parts = []
    for link, group in groupby(runs, key=attrgetter("link")):
        inside = "".join(_run(run, language) for run in group)
        target = safe_target(clean(link)) if link else ""
        parts.append(f"<a href={attribute(target)}>{inside or text(link)}</a>" if target else inside)
    return "".join(parts)


def _run(run: Run, language: str) -> str:
    inside = "".join(_phrase(phrase) for phrase in phrases(clean(words(run)), language))
    if run.code and inside:
        return f"<code>{inside}</code>"
    return f"<strong>{inside}</strong>" if run.strong and inside else inside


def _phrase(phrase: Phrase) -> str:
    inside = text(phrase.text).replace("\n", "<br>")
    if not phrase.language:
        return inside
    return f"<span lang={attribute(phrase.language)}{_dir(rtl=bool(direction(phrase.text)))}>{inside}</span>"


def words(run: Run) -> str:
    """What is shown for a run: a source that nobody put into words shows its name, so that none is lost."""
    return run.text or (f"[{run.cite}]" if run.cite else "")
