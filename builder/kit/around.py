"""The two papers around the day: the invitation that is sent before, and the page that stays when people are gone."""

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from builder.blocks import Blocks, FillIn, Run, Runs, Table
from builder.kit.context import Context, in_words, spelled
from builder.model import FRAME, Card

# Our own rules: how long before the day people are asked to say what they need, and sheets are sent.
DAYS_TO_TELL = 7
DAYS_AHEAD = 2

INDEPENDENT = "Somebody independent of them"
KEPT_WEEKS = 4

_ROOM_TO_WRITE_MM = 9.5
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_WAYS_OUT = re.compile(r"You may (.+), without a reason\.$")
_OR = re.compile(r", or |, | or ")
_OF_ITS_OWN = re.compile(r"\bthis\b")


def invitation(context: Context) -> dict[str, Any]:
    """What the invitation's template is told beyond the shared values."""
    plan, brief = context.plan, context.plan.brief
    lessons = [context.library.lessons[key] for key in plan.agenda.lessons]
    advisories, choices = once_each(context.values["advisories"])
    return {
        "topics": [lesson.title for lesson in lessons if lesson.phase not in FRAME] or [each.title for each in lessons],
        "hard": advisories,
        "choices": choices,
        "managers_present": brief.managers_present,
        "online": brief.mode == "online",
        "hybrid": brief.mode == "hybrid",
        "captions": "captions" in brief.access,
        "ahead": "material-ahead" in brief.access,
        "no_camera": "no-camera" in brief.access,
        "arrangements": _arrangements(context),
        "tell_by": _before(brief.date, DAYS_TO_TELL),
        "ahead_by": _before(brief.date, DAYS_TO_TELL if "material-ahead" in brief.access else DAYS_AHEAD),
        "date_words": in_words(brief),
        "cards": hands_in(context),
        "contested": bool(plan.alternates) and context.values["contested"],
        "named": [f"The case is “{card.title}”." for card in _contested(context)],
        "breaks": [brief.clock(slot.start) for slot in plan.agenda.slots if slot.kind == "break"],
        "whom": brief.contacts[0].name if brief.contacts else "the person to ask",
    }


def _contested(context: Context) -> list[Card]:
    """The contested cases, which the invitation names, so that people know what they choose."""
    cards = (context.library.cards[key] for key in context.plan.cards.values())
    return [card for card in cards if card.contested]


def invitation_inserts(context: Context) -> dict[str, Blocks]:
    """The lines of the invitation that are filled by hand."""
    online = context.plan.brief.mode == "online"
    place = (FillIn("Link to the call"),) if online else (FillIn("Where"),)
    link = (FillIn("Link, if you join online"),) if context.plan.brief.mode == "hybrid" else ()
    return {
        "date-line": (FillIn("Date"),),
        "place-lines": (*place, *link),
        "tell-by-line": (FillIn("Please say so by"),),
        "contact-lines": _contact_lines(len(context.plan.brief.contacts)),
    }


def _contact_lines(known: int) -> Blocks:
    """Lines to fill by hand: for whom to ask, where nobody is named, and for somebody independent of the only one."""
    first = () if known else (FillIn("Whom to ask, in private"), FillIn("How to reach them"))
    return (*first, *([FillIn(INDEPENDENT)] if known < 2 else []))


def once_each(advisories: Iterable[str]) -> tuple[list[str], list[str]]:
    """Advisories word for word, and how several of them end, which is said once after them.

    Endings that offer some of the same ways out become one that offers all of them; one that says "this" stays.
    """
    split = [_SENTENCE.split(text.strip()) for text in advisories]
    counted = Counter(sentence for sentences in split for sentence in dict.fromkeys(sentences))
    counted = Counter({text: count for text, count in counted.items() if not _OF_ITS_OWN.search(text)})
    shared = [sentence for sentence, count in counted.items() if count > 1]
    alike, ending = _one_ending(counted)
    own = [" ".join(part for part in sentences if part not in {*shared, *alike}) for sentences in split]
    said = [sentence for sentence in shared if sentence not in alike]
    return [text for text in own if text], [*said, *([ending] if ending else [])]


def _one_ending(counted: Mapping[str, int]) -> tuple[list[str], str]:
    """The endings that share a way out with the commonest one, and one sentence with the ways out of all of them."""
    ways = {sentence: _OR.split(match[1]) for sentence in counted if (match := _WAYS_OUT.match(sentence))}
    usual = max(ways, key=lambda sentence: counted[sentence], default="")
    alike = [sentence for sentence, found in ways.items() if set(found) & set(ways[usual])]
    if sum(counted[sentence] for sentence in alike) < 2:
        return [], ""
    every = list(dict.fromkeys(way for sentence in (usual, *alike) for way in ways[sentence]))
    last = ways[usual][-1]
    every.remove(last)
    return alike, f"You may {', '.join(every)} or {last}, without a reason." if every else usual


def ahead(context: Context) -> list[str]:
    """What is said of what is ahead: each advisory in a line, and the ending that they share in the last."""
    own, choices = once_each(context.values["advisories"])
    return [*own, *([" ".join(choices)] if choices else [])]


def hands_in(context: Context) -> bool:
    """Whether people may hand in a small card at the end."""
    return any(
        sheet.cut and sheet.per == "person" and sheet.key.partition("/")[0] in _closings(context)
        for sheet in context.sheets
    )


def _closings(context: Context) -> set[str]:
    lessons = context.library.lessons
    return {key for key in context.plan.agenda.lessons if lessons[key].phase == "closing"}


def _arrangements(context: Context) -> list[str]:
    """What is arranged already, in plain words."""
    words = {
        "step-free": "a way in without steps",
        "seated": "every step can be done sitting down",
        "captions": "live captions",
        "sign-language": "sign language",
        "microphone": "a microphone",
        "screen-reader": "papers that a screen reader can read",
        "no-camera": "your camera may stay off",
        "material-ahead": "papers sent ahead",
    }
    brief = context.plan.brief
    spoken = [] if brief.interpretation == "none" else ["an interpreter"]
    large = ["papers in large print"] if brief.large_print else []
    return [*(words.get(need, need.replace("-", " ")) for need in brief.access), *spoken, *large]


def _before(day: datetime.date | None, days: int) -> str:
    return spelled(day - datetime.timedelta(days=days)) if day else ""


# ------------------------------------------------------------ afterwards


def afterwards(context: Context) -> dict[str, Any]:
    """What the template of the page for afterwards is told beyond the shared values."""
    closing = invitation(context)
    return {"date_words": in_words(context.plan.brief), "cards": closing["cards"]}


def afterwards_inserts(context: Context) -> dict[str, Blocks]:
    """The tables of the page for afterwards, with room to write."""
    brief = context.plan.brief
    people = (("Expected", str(brief.participants)), ("At most", str(brief.participants_most)), ("Came", ""))
    return {
        "date-line": () if brief.date else (FillIn("Date"),),
        "people": (_to_fill([label for label, _ in people], [[count for _, count in people]], (34, 33, 33)),),
        "minutes": (_minutes(context),),
        "tally": (_to_fill(("What cards say", "Useful", "Unclear or missing"), [("", "", "")] * 4, (62, 15, 23)),),
        "reported": (FillIn("Nothing of that kind; or reported by (role), on (date)"),),
        "follow-ups": (_to_fill(("What", "Who, by role", "By when"), [("", "", "")] * 3, (54, 26, 20)),),
        "kept-lines": (FillIn(f"Kept by (role), for {KEPT_WEEKS} weeks unless a rule of yours says otherwise"),),
    }


def _minutes(context: Context) -> Table:
    """Each slot with its minutes as planned, and a column for those that it took."""
    plan = context.plan
    rows = [
        (plan.brief.clock(slot.start), slot.title, str(slot.minutes), "")
        for slot in plan.agenda.slots
        if slot.kind in ("activity", "break")
    ]
    header = _texts("Clock", "Step", "Planned", "Actual")
    return Table(header, tuple(_texts(*row) for row in rows), widths=(12, 60, 14, 14), look="running")


def _to_fill(header: Sequence[str], rows: Iterable[Sequence[str]], widths: tuple[int, ...]) -> Table:
    cells = tuple(_texts(*row) for row in rows)
    return Table(_texts(*header), cells, widths=widths, row_height_mm=_ROOM_TO_WRITE_MM, look="running")


def _texts(*texts: str) -> tuple[Runs, ...]:
    return tuple((Run(text),) if text else () for text in texts)
