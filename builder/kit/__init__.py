"""Which papers come out: a plan and the templates give file names with their bytes. Pure, and the same every time."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from builder import __version__, calendar, licences, questions, word
from builder.blocks import Blocks, Paper, Sheet
from builder.kit import papers
from builder.kit.context import Context, context_of
from builder.kit.credits import authors, lesson_of, lessons_in, titles_by_licence
from builder.letterhead import Letterhead
from builder.model import Library, Plan
from builder.problems import InputError, Problem, has_errors
from builder.todo import MARK

__all__ = ["NAMES", "Former", "Kit", "former", "make", "plan_code"]

NAMES = (*papers.TITLES, "agenda.ics", "workshop.yaml")

_LOOKS: Mapping[str, Literal["guide", "wall"]] = {
    "agenda.docx": "wall",
    "facilitator-guide.docx": "guide",
    "day-card.docx": "guide",
}
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_CODE_LENGTH = 5


@dataclass(frozen=True)
class Former:
    """What stood in the kit's folder before: the last build's plan code and agenda, and papers that were edited.

    `kept` maps an edited file's name to the name that the new version gets, and the plan code it was made with.
    `since` and `changes` are what the last build said of its own changes: a build of the same plan says the same.
    """

    code: str | None = None
    slots: Sequence[str] = ()
    since: str | None = None
    changes: Sequence[str] = ()
    kept: Mapping[str, tuple[str, str | None]] = field(default_factory=dict)


def former(facts: Mapping[str, Any], kept: Mapping[str, tuple[str, str | None]]) -> Former:
    """What `kit.json` remembers, as far as it can be understood."""

    def text(key: str) -> str | None:
        return facts[key] if isinstance(facts.get(key), str) else None

    def lines(key: str) -> Sequence[str]:
        found = facts.get(key)
        return found if isinstance(found, list) and all(isinstance(line, str) for line in found) else ()

    return Former(text("plan_code"), lines("agenda"), text("since"), lines("changes"), kept)


@dataclass(frozen=True)
class Kit:
    """All papers of one workshop by file name, the plan code in their footers, and the facts for `kit.json`.

    `warnings` are what to know before they are printed.
    """

    files: Mapping[str, bytes]
    code: str
    facts: Mapping[str, object]
    warnings: Sequence[Problem] = ()


def plan_code(plan: Plan) -> str:
    """Five letters and digits that change whenever a clock time, a step or a case of the agenda changes."""
    lines = [plan.brief.start, *slot_lines(plan)]
    digest = int.from_bytes(hashlib.sha256("\n".join(lines).encode()).digest()[:8], "big")
    letters = ""
    for _ in range(_CODE_LENGTH):
        digest, rest = divmod(digest, len(_ALPHABET))
        letters += _ALPHABET[rest]
    return letters


def slot_lines(plan: Plan) -> list[str]:
    """The agenda, a line each slot: what `kit.json` remembers, to tell what changed by the next build."""
    return [
        "\t".join(
            (
                plan.brief.clock(slot.start),
                str(slot.minutes),
                slot.activity.id if slot.activity else slot.kind,
                slot.variant or "",
                slot.card or "",
            )
        )
        for slot in plan.agenda.slots
    ]


def make(plan: Plan, library: Library, before: Former | None = None, letterhead: Letterhead | None = None) -> Kit:
    """All papers of a workshop; raises InputError with every problem in a text that would be printed.

    `letterhead` is what the brief's key of that name leads to: whoever reads files has opened it.
    """
    _refuse_unsupported(plan, letterhead)
    code = plan_code(plan)
    before = _caught_up(before or Former(), code, slot_lines(plan))
    context = context_of(plan, library, code)
    found = list(licences.problems(titles_by_licence(context)))
    if has_errors(found):
        raise InputError(found)
    made = papers.documents(context, before)
    if has_errors(context.texts.problems):
        raise InputError(context.texts.problems)
    drawn = {name: _paper(context, name, sheets) for name, sheets in made.items()}
    files = {name: word.render(paper, letterhead) for name, paper in drawn.items()}
    found += word.remarks(drawn, files, letterhead) if letterhead else []
    if plan.brief.date is not None:
        files["agenda.ics"] = calendar.calendar(plan, code)
    files["workshop.yaml"] = questions.write(plan.brief).encode()
    facts = _facts(plan, library, code, before, letterhead)
    return Kit(files, code, facts, [*found, *_unfinished(context)])


def _caught_up(before: Former, code: str, slots: Sequence[str]) -> Former:
    """The former build with what changed since the plan before this one; the same again for the same plan."""
    if before.code is None or before.code == code:
        return before
    return replace(before, since=before.code, changes=papers.changes(before.slots, slots))


def _paper(context: Context, name: str, sheets: Iterable[tuple[Blocks, str]]) -> Paper:
    brief = context.plan.brief
    title = f"{papers.TITLES[name]}: {brief.title}"
    created = {"created": brief.date} if brief.date else {}
    return Paper(
        title=title,
        sheets=tuple(Sheet(blocks, footer) for blocks, footer in sheets),
        size=brief.paper,
        language=brief.language,
        author=brief.organisation or ", ".join(authors(context)),
        landscape=name == "agenda.docx" and papers.fits_across(context),
        look=_LOOKS.get(name, "paper"),
        **created,
    )


def _unfinished(context: Context) -> Iterator[Problem]:
    """A warning where what is printed still says what somebody has to write."""
    library = context.library
    printed: dict[str, list[Any]] = {key: [library.lessons[key]] for key in lessons_in(context)}
    for slot in context.plan.agenda.steps:
        if slot.activity is not None:
            printed[slot.activity.lesson].append(slot.activity)
    for sheet in context.sheets:
        printed[lesson_of(sheet)].append(sheet.sheet or sheet.card)
    open_ones = [key for key, parts in printed.items() if any(MARK in part.model_dump_json() for part in parts)]
    if open_ones:
        message = f"the papers still say {MARK} in {', '.join(open_ones)}."
        hint = "'workshop check' with your folder of lessons lists every place."
        yield Problem("unfinished", message, hint=hint, severity="warning")


def _refuse_unsupported(plan: Plan, letterhead: Letterhead | None) -> None:
    """What the brief may say and the papers cannot do yet is refused, not ignored."""
    brief, later = plan.brief, "comes with a later version."
    problems = []
    if brief.letterhead is not None and letterhead is None:
        hint = "Take 'letterhead' out of the brief."
        problems.append(Problem("letterhead", f"the letterhead '{brief.letterhead}' was not opened.", hint=hint))
    others = [edition for edition in brief.editions if edition != "standard"]
    if others:
        message = f"the edition {' and '.join(repr(edition) for edition in others)} {later}"
        problems.append(Problem("not-yet", message, hint="Write 'editions: [standard]'."))
    if problems:
        raise InputError(problems)


def _facts(
    plan: Plan, library: Library, code: str, before: Former, letterhead: Letterhead | None
) -> Mapping[str, object]:
    since = {"since": before.since, "changes": list(before.changes)} if before.since else {}
    calibrated = [each.model_dump(mode="json", exclude_none=True) for each in library.calibrations]
    return {
        **since,
        **({"calibrated": calibrated} if calibrated else {}),
        **({"letterhead": {"name": letterhead.name, "sha256": letterhead.fingerprint}} if letterhead else {}),
        "program": __version__,
        "title": plan.brief.title,
        "plan_code": code,
        "lessons": {key: library.lessons[key].version for key in plan.agenda.lessons},
        "agenda": slot_lines(plan),
    }
