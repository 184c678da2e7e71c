"""The adaptation statement: who adapted, when, from which version, what was changed, what was removed and why."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from builder.kit.sheets import Handout, pieces
from builder.model import FEWEST_READINGS, Adaptation, Change, Library, Plan

MOST_CHARACTERS_OF_A_NAME = 60

_VERBS = {"changed": "Changed", "added": "Added", "removed": "Removed"}
_LISTED: Mapping[str, str] = {
    "readings": "the reading", "facts": "the fact", "materials": "the material", "sources": "the source",
    "teaches": "the outcome", "needs": "the need", "activities": "the step", "handouts": "the sheet",
    "variants": "the variant", "checks": "the check of", "practises": "the practice of", "excludes": "the limit",
}  # fmt: skip
_LISTS: Mapping[str, str] = {
    "sources.yaml": "the list of sources", "glossary.yaml": "the glossary", "recipes.yaml": "the starting points",
    "disagreements.yaml": "the table of disagreements",
}  # fmt: skip
_FILES: Mapping[str, str] = {"activities": "the step", "handouts": "the sheet", "cards": "the case"}


def statement(plan: Plan, lessons: Iterable[str], sheets: Iterable[Handout], library: Library) -> list[str]:
    """The statement for the guide: for each pack whose changes this workshop shows, a few sentences; none without.

    `lessons` are those whose words are in the kit.
    """
    paths = _paths_in(plan, lessons, sheets)
    return [
        line
        for each in library.adaptations
        if (shown := [change for change in each.changes if change.path in paths])
        for line in _told(each, shown, library)
    ]


def in_short(sheets: Iterable[Handout], library: Library) -> list[str]:
    """The statement for the participants' papers, on the sheets of one file: what was removed, and how much changed."""
    paths = {_path_of(sheet) for sheet in pieces(sheets)}
    told: list[str] = []
    for each in library.adaptations:
        shown = [change for change in each.changes if change.path in paths]
        if not shown:
            continue
        removed = [change for change in shown if change.kind == "removed"]
        count = len(shown) - len(removed)
        changed = f"{count} part{'s' if count != 1 else ''} changed or added" if count else ""
        gone = f"removed: {_listed(removed, library)}" if removed else ""
        what = "; ".join(filter(None, (changed, gone)))
        told.append(f"Adapted by {_who(each)}, {_from(each, shown, library)}: {what}.")
    return told


def _told(adaptation: Adaptation, changes: Sequence[Change], library: Library) -> Iterator[str]:
    authors = ", ".join(adaptation.pack.authors)
    yield f"Adapted by {_who(adaptation)}, {_from(adaptation, changes, library)}. Words of the adaptation: {authors}."
    for kind, verb in _VERBS.items():
        found = [change for change in changes if change.kind == kind]
        if found:
            yield f"{verb}: {_listed(found, library)}."
    if adaptation.pack.approvers:
        yield f"Approval: {adaptation.approval}."


def _who(adaptation: Adaptation) -> str:
    pack = adaptation.pack
    return f"{pack.organisation} (pack “{pack.name}” {pack.version}, {pack.date})"


def _from(adaptation: Adaptation, changes: Sequence[Change], library: Library) -> str:
    """From which versions; those of lessons that the pack brought itself are none."""
    own = {change.path for change in changes if not change.part}
    lessons = dict.fromkeys(change.lesson for change in changes if change.lesson)
    named = [
        f"“{library.lessons[key].title}” {adaptation.versions[key]}"
        for key in lessons
        if key in library.lessons and key in adaptation.versions and f"{key}/lesson.md" not in own
    ]
    parent = adaptation.pack.parent
    return f"from {', '.join(named)}" if named else f"from {parent.name} {parent.version}"


def _listed(changes: Sequence[Change], library: Library) -> str:
    """The changes in words, those of one file together: "in “Power grid”: title, “What next” in the debrief (why)"."""
    files: dict[str, dict[str, list[str]]] = {}
    for change in changes:
        files.setdefault(change.path, {}).setdefault(change.reason or "", []).append(part_name(change.part))
    told = []
    for path, reasons in files.items():
        named = ", ".join(filter(None, (_with_reason(parts, why) for why, parts in reasons.items())))
        told.append(f"in {file_name(path, library)}: {named}" if named else file_name(path, library))
    return "; ".join(told)


def _with_reason(parts: Sequence[str], reason: str) -> str:
    """Parts that changed for one reason, which is said once."""
    because = f"(because: {reason.rstrip('.')})" if reason else ""
    return " ".join(filter(None, (", ".join(filter(None, parts)), because)))


def file_name(path: str, library: Library) -> str:
    """A file of a library in words: "the step “Power grid”"."""
    steps = path.split("/")
    if path in _LISTS:
        return _LISTS[path]
    stem = steps[-1].removesuffix(".md")
    titled: Mapping[str, Callable[[], str]] = {
        "activities": lambda: library.activities[f"{steps[0]}/{stem}"].title,
        "handouts": lambda: library.sheets[f"{steps[0]}/{stem}"].title,
        "cards": lambda: library.cards[stem].title,
    }
    try:
        title = titled[steps[1]]() if steps[1] in titled else library.lessons[steps[0]].title
    except KeyError:
        title = stem
    if steps[-1].endswith(".png"):
        return f"the picture {stem}"
    return f"{_FILES.get(steps[1], 'the lesson')} “{title}”"


def part_name(part: str) -> str:
    """A part in words: "title", "“What next” in the debrief", "the reading “Defenders of deference”"."""
    whole, _, entry = part.partition("/")
    if not part:
        return ""
    if whole == "Debrief":
        return f"“{entry}” in the debrief" if entry else "the debrief"
    if entry:
        short = entry if len(entry) <= MOST_CHARACTERS_OF_A_NAME else f"{entry[:MOST_CHARACTERS_OF_A_NAME].rstrip()}…"
        return f"{_LISTED.get(whole, whole)} “{short}”"
    if part == "lead":
        return "the introduction"
    return f"“{part}”" if part[:1].isupper() else part.replace("_", " ")


def _path_of(sheet: Handout) -> str:
    if sheet.card is not None:
        return f"{sheet.card.lesson}/cards/{sheet.card.id}.md"
    lesson, _, stem = sheet.key.partition("/")
    return f"{lesson}/handouts/{stem}.md"


def _paths_in(plan: Plan, lessons: Iterable[str], sheets: Iterable[Handout]) -> Collection[str]:
    """The files whose words are in a kit: its lessons, steps, sheets and cases, and the lists of the library."""
    steps = (slot.activity for slot in plan.agenda.steps if slot.activity is not None)
    found = {f"{step.lesson}/activities/{step.id.partition('/')[2]}.md" for step in steps}
    found |= {_path_of(sheet) for sheet in pieces(sheets)}
    return found | {f"{key}/lesson.md" for key in lessons} | set(_LISTS)


# ------------------------------------------------------------ what the guide is told


def one_sided(sheets: Iterable[Handout]) -> list[str]:
    """The titles of the cases in this kit that a pack left one-sided, each with how many readings it has."""
    cards = (sheet.card for sheet in sheets if sheet.card is not None)
    return [f"“{card.title}” ({len(card.readings)} of {FEWEST_READINGS} readings)" for card in cards if card.one_sided]


def notes(library: Library) -> list[str]:
    """What packs say about one place, with when it was checked."""
    return [
        f"{note.region}: {' '.join(note.text.split())} "
        f"({f'checked {note.verified_on}' if note.verified_on else 'not checked'}; {each.pack.organisation})"
        for each in library.adaptations
        for note in each.pack.jurisdiction_notes
    ]
