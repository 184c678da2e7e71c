"""Which papers come out: a plan and the templates give file names with their bytes. Pure, and the same every time."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from builder import __version__, calendar, html, licences, questions, word
from builder.blocks import Blocks, Look, Paper, Sheet
from builder.kit import editions, papers, print_list, printrun
from builder.kit.badges import held
from builder.kit.blanks import left_open, one_sided, stale_notes, unfilled
from builder.kit.context import Context, context_of
from builder.kit.credits import authors, lesson_of, lessons_in, titles_by_licence
from builder.kit.sheets import pieces
from builder.letterhead import Letterhead
from builder.model import Adaptation, Brief, Library, Plan
from builder.moved import entry_lines, read_lines, told
from builder.problems import InputError, Problem, has_errors
from builder.roster import NAMED
from builder.todo import MARK

__all__ = ["NAMES", "TITLES", "Former", "Kit", "former", "left_open", "make", "plan_code", "unfilled"]

TITLES: Mapping[str, str] = papers.TITLES
"""What each paper is called, by its file name."""
NAMES = (*papers.TITLES, "agenda.ics", "workshop.yaml")

_LOOKS: Mapping[str, Look] = {
    "agenda.docx": "wall",
    "facilitator-guide.docx": "guide",
    "group-cards.docx": "cards",
    "badges.docx": "badges",
    "table-cards.docx": "tents",
    "invitation.docx": "paper",
    "afterwards.docx": "guide",
    "print-and-pack.docx": "guide",
}
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_CODE_LENGTH = 5


@dataclass(frozen=True)
class Former:
    """What stood in the kit's folder before: the last build's plan code and agenda, and papers that were edited.

    `kept` maps an edited file's name to the name that the new version gets, and the plan code it was made with.
    `since` and `changes` are what the last build said of its own changes: a build of the same plan says the same.
    `counts` are the pages of papers as they were last counted, `held` the fingerprints of the edited files.
    `named` are the runs of papers with names that lie there and stay, though no names are given again.
    """

    code: str | None = None
    slots: Sequence[str] = ()
    since: str | None = None
    changes: Sequence[str] = ()
    kept: Mapping[str, tuple[str, str | None]] = field(default_factory=dict)
    counts: Mapping[str, printrun.Count] = field(default_factory=dict)
    held: Mapping[str, str] = field(default_factory=dict)
    named: Sequence[printrun.FileRun] = ()

    def is_for_another_clock(self, name: str, code: str) -> bool:
        """Whether an edited file was made with another plan code than this one; papers with names tell no clock."""
        return name in self.kept and name not in NAMED and self.kept[name][1] not in {None, code}

    def current(self, name: str, code: str) -> str:
        """The file to print of a paper: the edited one, unless that was made for another clock."""
        return self.kept[name][0] if self.is_for_another_clock(name, code) else name


def former(
    facts: Mapping[str, Any],
    kept: Mapping[str, tuple[str, str | None]],
    on_disk: Mapping[str, str] = MappingProxyType({}),
) -> Former:
    """What `kit.json` remembers, as far as it can be understood; `on_disk` are fingerprints of the files there."""

    def text(key: str) -> str | None:
        return facts[key] if isinstance(facts.get(key), str) else None

    def lines(key: str) -> Sequence[str]:
        found = facts.get(key)
        return found if isinstance(found, list) and all(isinstance(line, str) for line in found) else ()

    held = {name: on_disk[name] for name in kept if name in on_disk}
    counts = printrun.counts_from(facts)
    return Former(text("plan_code"), lines("agenda"), text("since"), lines("changes"), kept, counts, held)


@dataclass(frozen=True)
class Kit:
    """All papers of one workshop by file name, the plan code in their footers, and the facts for `kit.json`.

    `warnings` are what to know before they are printed, `papers` the blocks that the files were made of.
    """

    files: Mapping[str, bytes]
    code: str
    facts: Mapping[str, object]
    warnings: Sequence[Problem] = ()
    papers: Mapping[str, Paper] = field(default_factory=dict)


def plan_code(plan: Plan) -> str:
    """Five letters and digits that change whenever a clock time, a step or a case of the agenda changes."""
    lines = [plan.brief.start, *entry_lines(plan)]
    digest = int.from_bytes(hashlib.sha256("\n".join(lines).encode()).digest()[:8], "big")
    letters = ""
    for _ in range(_CODE_LENGTH):
        digest, rest = divmod(digest, len(_ALPHABET))
        letters += _ALPHABET[rest]
    return letters


def make(
    plan: Plan,
    library: Library,
    before: Former | None = None,
    names: Sequence[str] = (),
    letterhead: Letterhead | None = None,
) -> Kit:
    """All papers of a workshop; raises InputError with every problem in a text that would be printed.

    `names` go into badges and table cards, and nowhere else: not even into the facts.
    `letterhead` is what the brief's key of that name leads to: whoever reads files has opened it.
    """
    _check_opened(plan, letterhead)
    code = plan_code(plan)
    before = _caught_up(before or Former(), code, plan, library)
    context = context_of(plan, library, code, on_letterhead=letterhead is not None)
    found = [*licences.problems(titles_by_licence(context)), *unfilled(library)]
    if has_errors(found):
        raise InputError(found)
    made = papers.documents(context, names)
    if has_errors(context.texts.problems):
        raise InputError(context.texts.problems)
    drawn = {name: _paper(context, name, sheets) for name, sheets in made.items()}
    files = {name: _rendered(paper, name, letterhead) for name, paper in drawn.items()}
    runs, counts = print_list.print_runs(context, made, before.named), _still_true(before, files, code)
    listed = print_list.print_list(context, before, runs, counts)
    drawn[papers.PRINT_LIST] = _paper(context, papers.PRINT_LIST, listed)
    files[papers.PRINT_LIST] = word.render(drawn[papers.PRINT_LIST], letterhead)
    if letterhead:
        found += word.remarks({name: drawn[name] for name in drawn if name != editions.HTML}, files, letterhead)
    if plan.brief.date is not None:
        files["agenda.ics"] = calendar.calendar(plan, code)
    files["workshop.yaml"] = questions.write(plan.brief).encode()
    pages = {"pages": printrun.counts_as_facts(counts)} if counts else {}
    printing = {"brief": files["workshop.yaml"].decode(), "print_run": printrun.as_facts(runs), **pages}
    found += [*one_sided(context.sheets), *stale_notes(library, plan.brief)]
    told = [*found, *_unfinished(context), *(held(len(names), plan.brief.participants_most) if names else ())]
    return Kit(files, code, {**_facts(plan, library, code, before, letterhead), **printing}, told, drawn)


def _still_true(before: Former, files: Mapping[str, bytes], code: str) -> dict[str, printrun.Count]:
    """The counted pages of the files that are still those that were counted."""
    printed = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    printed |= {name: digest for name, digest in before.held.items() if before.current(name, code) == name}
    return {name: count for name, count in before.counts.items() if printed.get(name) == count.sha256}


def _caught_up(before: Former, code: str, plan: Plan, library: Library) -> Former:
    """The former build with what changed since the plan before this one; the same again for the same plan."""
    if before.code is None or before.code == code:
        return before
    changes = told(read_lines(before.slots), read_lines(entry_lines(plan)), library)
    return replace(before, since=before.code, changes=changes)


def _rendered(paper: Paper, name: str, letterhead: Letterhead | None) -> bytes:
    return html.render(paper) if name == editions.HTML else word.render(paper, letterhead)


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
        look=_look(name, brief),
        **created,
    )


def _look(name: str, brief: Brief) -> Look:
    """The look of a paper; cards are large for everybody where somebody reads large print, so that none stands out."""
    if name == "group-cards.docx" and editions.has_large(brief):
        return "large-cards"
    return "large" if editions.is_large(name) else _LOOKS.get(name, "paper")


def _unfinished(context: Context) -> Iterator[Problem]:
    """A warning where what is printed still says what somebody has to write."""
    library = context.library
    printed: dict[str, list[Any]] = {key: [library.lessons[key]] for key in lessons_in(context)}
    for slot in context.plan.agenda.steps:
        if slot.activity is not None:
            printed[slot.activity.lesson].append(slot.activity)
    for sheet in (sheet for sheet in pieces(context.sheets) if not sheet.works):
        printed[lesson_of(sheet)].append(sheet.sheet or sheet.card)
    open_ones = [key for key, parts in printed.items() if any(MARK in part.model_dump_json() for part in parts)]
    if any(MARK in contact.model_dump_json() for contact in context.plan.brief.contacts):
        open_ones.append("a contact")
    if open_ones:
        message = f"the papers still say {MARK} in {', '.join(open_ones)}."
        hint = "'workshop check' with your folder of lessons or your pack lists every place."
        yield Problem("unfinished", message, hint=hint, severity="warning")


def _check_opened(plan: Plan, letterhead: Letterhead | None) -> None:
    """A letterhead that the brief names and nobody opened is refused, not silently left out."""
    if plan.brief.letterhead is not None and letterhead is None:
        message = f"the letterhead '{plan.brief.letterhead}' was not opened."
        raise InputError([Problem("letterhead", message, hint="Take 'letterhead' out of the brief.")])


def _pack_as_fact(adaptation: Adaptation) -> Mapping[str, str]:
    pack = adaptation.pack
    fact = {"name": pack.name, "version": pack.version, "fingerprint": adaptation.fingerprint}
    return {**fact, "approval": adaptation.approval}


def _facts(
    plan: Plan, library: Library, code: str, before: Former, letterhead: Letterhead | None
) -> Mapping[str, object]:
    since = {"since": before.since, "changes": list(before.changes)} if before.since else {}
    calibrated = [each.model_dump(mode="json", exclude_none=True) for each in library.calibrations]
    return {
        **since,
        **({"calibrated": calibrated} if calibrated else {}),
        **({"packs": [_pack_as_fact(each) for each in library.adaptations]} if library.adaptations else {}),
        **({"letterhead": {"name": letterhead.name, "sha256": letterhead.fingerprint}} if letterhead else {}),
        "program": __version__,
        "title": plan.brief.title,
        "plan_code": code,
        "lessons": {key: library.lessons[key].version for key in plan.agenda.lessons},
        "agenda": entry_lines(plan),
    }
