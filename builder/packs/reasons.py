"""What a printed reason should not hold: names, addresses, legal advice. A few signs of each; it sees no more."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from builder.packs.layers import Layer
from builder.problems import Problem
from builder.strict import Marked

_INSTITUTIONS = (
    "Act|Agency|Authority|Board|Centre|Center|Code|College|Committee|Council|Court|Department|Directive|Foundation|"
    "Group|Hospital|House|Institute|Network|Office|Policy|School|Service|Team|Trust|Union|University|Working"
)
_SIGNS: Mapping[str, re.Pattern[str]] = {
    "an address": re.compile(r"\S+@\S+\.\w|https?://|\bwww\.|(?:\+|\b0)\d[\d /()-]{6,}\d"),
    "a person's name": re.compile(
        rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Frau|Herr)\.? [A-Z]"
        rf"|\b(?:by|from|for|of|with|to|after|told|asked|says?) (?!(?:the|our)\b)[A-Z][a-zà-ÿ'’]+ "
        rf"(?!(?:{_INSTITUTIONS})\b)(?:[A-Z]\. )?[A-Z][a-zà-ÿ'’-]+\b(?! (?:{_INSTITUTIONS})\b)"
    ),
    "legal advice": re.compile(
        r"\b(?:illegal|unlawful|lawsuit|liable|liability|solicitor|attorney|lawyers?|legal advice|legal counsel|"
        r"in breach of|(?:may|could|can|will) be sued|prosecuted|against the law)\b",
        re.IGNORECASE,
    ),
}


def doubts(layer: Layer) -> Iterator[Problem]:
    """A warning for each reason in a pack that looks as if it held what no paper should say."""
    for marked in (*(raw.marked for raw in layer.raws.values()), *layer.lists.values()):
        yield from _in(marked)


def _in(marked: Marked) -> Iterator[Problem]:
    because = marked.values.get("because")
    for part, reason in because.items() if isinstance(because, Mapping) else ():
        found = [what for what, sign in _SIGNS.items() if isinstance(reason, str) and sign.search(reason)]
        if found:
            message = f"because: this reason is printed, and looks as if it held {' and '.join(found)}."
            hint = "Say it in general words: roles, not people; what you do, not what the law says."
            problem = marked.problem("reason-in-print", message, ("because", part), hint)
            yield replace(problem, severity="warning")
