"""The script that a piece of text is written in: its direction, and the language of its foreign phrases.

A language is guessed from letters alone, so a phrase in the script of the paper's own language is never foreign here.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

_ARABIC: Final = "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc"
_HEBREW: Final = "\u0590-\u05ff\ufb1d-\ufb4f"
_HAN: Final = (
    "\u2e80-\u312f\u3190-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U0001b000-\U0001b2ff\U00020000-\U0003ffff"
)
_HANGUL: Final = "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff"
# script: its letters, how many make a phrase, the languages at home in it; the first is guessed where no letter
# of `_TELLING` says another.
_SCRIPTS: Final = {
    "latin": ("A-Za-z\u00c0-\u024f\u1e00-\u1eff", 2, ("en",)),
    "arabic": (_ARABIC, 1, ("ar", "fa", "ur", "ps", "sd", "ug", "ckb")),
    "hebrew": (_HEBREW, 1, ("he", "yi")),
    "thaana": ("\u0780-\u07bf", 1, ("dv",)),
    "han": (_HAN, 1, ("zh", "ja", "ko")),
    "hangul": (_HANGUL, 1, ("ko",)),
    "cyrillic": ("\u0400-\u052f", 2, ("ru", "uk", "bg", "sr", "mk", "be", "kk", "ky", "mn", "tg")),
    "greek": ("\u0370-\u03ff\u1f00-\u1fff", 2, ("el",)),
    "devanagari": ("\u0900-\u097f", 1, ("hi", "mr", "ne")),
    "thai": ("\u0e00-\u0e7f", 1, ("th",)),
    "armenian": ("\u0530-\u058f", 2, ("hy",)),
    "georgian": ("\u10a0-\u10ff", 2, ("ka",)),
}
RIGHT_TO_LEFT: Final = ("arabic", "hebrew", "thaana")
EAST_ASIAN: Final = ("han", "hangul")
_TELLING: Final = (
    ("ja", re.compile("[\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f]")),
    ("ur", re.compile("[\u0679\u0688\u0691\u06ba\u06d2]")),
    ("fa", re.compile("[\u067e\u0686\u0698\u06af]")),
    ("uk", re.compile("[\u0454\u0456\u0457\u0491]")),
)
_LANGUAGE: Final = re.compile("[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
# No letter of another script than Latin, but perhaps a dash, a quotation mark or an arrow.
_LATIN_ONLY: Final = re.compile("[\0-\u036f\u1e00-\u1eff\u2000-\u2e7f]*")
_BETWEEN: Final = "[ \u00a0\u2010-\u201f.,:;!?'\"()\\-\u060c\u061b\u061f\u3000-\u303f]"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A stretch of text, with its language (BCP 47) where that is another than the paper's."""

    text: str
    language: str = ""


def direction(text: str) -> bool | None:
    """Whether the first strong character runs right to left; None where there is no strong character."""
    for character in text:
        strong = unicodedata.bidirectional(character)
        if strong == "L":
            return False
        if strong in ("R", "AL"):
            return True
    return None


def is_rtl(text: str) -> bool:
    """Whether a paragraph of this text runs right to left, by its first strong character."""
    return not text.isascii() and bool(direction(text))


def runs_right_to_left(language: str) -> bool:
    """Whether a language (BCP 47) is written from right to left."""
    return script_of(language) in RIGHT_TO_LEFT


def known_language(language: str) -> str:
    """The language tag, or "en" where it is none."""
    return language if _LANGUAGE.fullmatch(language) else "en"


@lru_cache(maxsize=64)
def script_of(language: str) -> str:
    """The (first) script of a language (BCP 47), Latin where no other is known."""
    main = main_part(language)
    return next((script for script, (_, _, languages) in _SCRIPTS.items() if main in languages), "latin")


def main_part(language: str) -> str:
    """A language (BCP 47) without its region and all else: "ja" of "ja-JP"."""
    return language.partition("-")[0].lower()


def _language_of(text: str, script: str) -> str:
    """The language that the letters of a text in a script tell, or the one that is likeliest."""
    told = (language for language, letters in _TELLING if script_of(language) == script and letters.search(text))
    return next(told, _SCRIPTS[script][2][0])


def phrases(text: str, language: str) -> Iterator[Phrase]:
    """The text in stretches, cut where it leaves or enters a script that is foreign to `language`."""
    start, main = 0, main_part(language)
    if script_of(main) == "latin" and (text.isascii() or _LATIN_ONLY.fullmatch(text)):
        yield Phrase(text)
        return
    for found in _foreign(main).finditer(text):
        if found.start() > start:
            yield Phrase(text[start : found.start()])
        yield Phrase(found[0], _language_of(found[0], str(found.lastgroup)))
        start = found.end()
    if start < len(text):
        yield Phrase(text[start:])


@cache
def _foreign(main: str) -> re.Pattern[str]:
    """What finds a phrase in a script in which a language is not at home, each script a group of its own."""
    groups = []
    for script, (letters, least, languages) in _SCRIPTS.items():
        if main not in languages and script != script_of(main):
            phrase = f"[{letters}]{{{least},}}(?:{_BETWEEN}*[{letters}]+)*"
            groups.append(f"(?P<{script}>{phrase})")
    return re.compile("|".join(groups))
