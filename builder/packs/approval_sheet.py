"""The approval sheet of a pack: who approves, and each change in plain words with what was there and what is now."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from builder.blocks import Block, Box, Heading, ListBlock, Paper, Paragraph, Run, Sheet, Table
from builder.kit.adapted import file_name, part_name
from builder.library import Findings
from builder.model import FEWEST_READINGS, Adaptation, Change, Library, Pack
from builder.packs import parts, shapes, spans
from builder.packs.approvals import SHORT, Approval
from builder.packs.layers import Layer, is_list, kind_of

_VERBS: Mapping[str, str] = {"changed": "Changed", "added": "Added", "removed": "Removed"}
_SIGNATURE_MM = 14


def paper(layer: Layer, findings: Findings, before: Mapping[str, str], approval: Approval) -> Paper:
    """The sheet for a pack over a library; `before` are the library's texts by their paths inside it."""
    library = findings.library
    made = next(each for each in reversed(library.adaptations) if each.pack == layer.pack)
    pack = made.pack
    blocks = (
        *_head(made),
        *_signatures(pack, approval),
        *_heading(2, "What changes in the lessons"),
        *_changes(made.changes, findings, layer, before),
        *_one_sided(library, made),
        *_own_words(pack),
    )
    footer = f"{pack.name} {pack.version}, fingerprint {layer.fingerprint[:SHORT]}"
    title = f"Approval of {pack.name} {pack.version}"
    return Paper(title, (Sheet(tuple(blocks), footer),), author=pack.organisation, created=pack.date, look="guide")


def _head(made: Adaptation) -> Iterator[Block]:
    pack = made.pack
    yield from _heading(1, f"Approval: the lessons of {pack.organisation}")
    lessons = ", ".join(f"{key} {version}" for key, version in made.versions.items())
    rows = [
        ("Pack", f"{pack.name} {pack.version}, {pack.date}"),
        ("Made from", f"{pack.parent.name} {pack.parent.version}{f' ({lessons})' if lessons else ''}"),
        ("Adapted by", ", ".join(pack.authors)),
        ("Fingerprint", made.fingerprint),
    ]
    yield Table((_runs("This sheet"), ()), tuple((_runs(name), _runs(text)) for name, text in rows), (1, 3))
    yield _paragraph(
        "Whoever signs approves the texts below as they are printed here, and nothing else. "
        "Any change of the pack gives it another fingerprint, and the papers then say that it changed since."
    )


def _signatures(pack: Pack, approval: Approval) -> Iterator[Block]:
    """A line for each role; no names are asked."""
    yield from _heading(2, "Approved by")
    valid = {each.role.casefold(): each for each in approval.valid}
    rows = [
        (_runs(each.role), _runs(str(valid[each.role.casefold()].date) if each.role.casefold() in valid else ""), ())
        for each in pack.approvers
    ]
    if not rows:
        yield _paragraph("pack.yaml names no role that approves. Write them under 'approvers'.")
        rows = [((), (), ())]
    yield Table((_runs("Role"), _runs("Date"), _runs("Signature")), tuple(rows), (3, 2, 4), _SIGNATURE_MM)


# ------------------------------------------------------------ the changes


def _changes(changes: Sequence[Change], findings: Findings, layer: Layer, before: Mapping[str, str]) -> Iterator[Block]:
    if not changes:
        yield _paragraph("Nothing: every lesson is as the library has it.")
    path = ""
    for change in changes:
        if change.path != path:
            path = change.path
            name = file_name(path, findings.library)
            yield from _heading(3, f"{name[:1].upper()}{name[1:]}")
        guard = ", which is guarded" if change.guarded else ""
        what = part_name(change.part) or "a new file"
        yield Paragraph((Run(f"{_VERBS[change.kind]}: {what}{guard}", strong=True),), keep_with_next=True)
        if change.reason:
            yield _paragraph(f"Reason, as it is printed: {change.reason}")
        elif change.guarded:
            yield _paragraph("No reason is given.")
        yield from _said("Before", _text_of(change, before.get(path, "")) if change.kind != "added" else "")
        yield from _said("Now", _now(change, findings, layer) if change.kind != "removed" else "")


def _said(title: str, text: str) -> Iterator[Block]:
    """A text as it is written, paragraph by paragraph."""
    if not text.strip():
        return
    yield Paragraph((Run(title),), role="caption", keep_with_next=True)
    paragraphs = ("\n".join(map(str.rstrip, each.strip("\n").split("\n"))) for each in text.split("\n\n"))
    yield Box("note", tuple(_paragraph(each) for each in paragraphs if each.strip()))


def _now(change: Change, findings: Findings, layer: Layer) -> str:
    """What the pack says now, with what it inherits where a part was put together from both."""
    text = layer.texts.get(change.path, "")
    if not change.part:
        return _whole_file(text) if text else "A picture."
    field, _, entry = change.part.partition("/")
    if not parts.is_field(change.part, listed=is_list(change.path)):
        return _text_of(change, text)
    kind, stem = kind_of(change.path), change.path.rpartition("/")[2].removesuffix(".md")
    keys = {"lessons": change.lesson, "cards": stem}
    marks = findings.marks[kind]
    if is_list(change.path):
        return _plain(marks[field].values) if field in marks else ""
    values = marks[keys.get(kind, f"{change.lesson}/{stem}")].values
    return _plain(_entry(values.get(field), entry))


def _text_of(change: Change, text: str) -> str:
    """A part as one file has it."""
    listed = is_list(change.path)
    field, _, entry = change.part.partition("/")
    found = parts.parts_of(text, listed=listed)
    if not parts.is_field(change.part, listed=listed):
        return parts.words_of(change.part, found.get(change.part, ""))
    written = found.get(field, "")
    return _plain(_entry(spans.value_of(written), "" if listed else entry))


def _whole_file(text: str) -> str:
    said = (
        _plain({part: spans.value_of(written)}) if parts.is_field(part) else written.strip()
        for part, written in parts.parts_of(text).items()
        if parts.is_field(part) or parts.words_of(part, written)
    )
    return "\n\n".join(said)


def _entry(value: Any, entry: str) -> Any:
    """One entry of a list or a map, or all of it."""
    if not entry:
        return value
    if isinstance(value, Mapping):
        return value.get(entry)
    fits = shapes.entries_named(entry, value) if isinstance(value, list) else []
    return value[fits[0]] if fits else None


def _plain(value: Any) -> str:
    """A value of front matter in lines."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return "\n".join(f"{key}: {_in_line(each)}" for key, each in value.items())
    if isinstance(value, list):
        return "\n".join(f"- {_in_line(each)}" for each in value)
    return str(value).strip()


def _in_line(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_in_line(each)}" for key, each in value.items())
    return "; ".join(map(_in_line, value)) if isinstance(value, list) else " ".join(str(value).split())


# ------------------------------------------------------------ the rest of the pack


def _one_sided(library: Library, made: Adaptation) -> Iterator[Block]:
    paths = {change.path for change in made.changes}
    found = [
        f"“{card.title}”: {len(card.readings)} of {FEWEST_READINGS} readings"
        for card in library.cards.values()
        if card.one_sided and f"{card.lesson}/cards/{card.id}.md" in paths
    ]
    if found:
        yield from _heading(2, "What is one-sided")
        yield _paragraph("These contested cases have fewer readings than they need. The papers say so.")
        yield _list(found)


def _own_words(pack: Pack) -> Iterator[Block]:
    """Terms, contacts, notes, defaults and limits."""
    sections = {
        "Terms": [f"{name}: {term.one or 'not filled'}{f', {term.many}' if term.many else ''}"
                  for name, term in pack.terms.items()],
        "Contacts in every kit": [
            f"{each.role}: {each.reach} ({f'verified {each.verified_on}' if each.verified_on else 'never verified'})"
            for each in pack.contacts
        ],
        "Notes on a place": [f"{each.region}: {' '.join(each.text.split())}" for each in pack.jurisdiction_notes],
        "Answers given beforehand": [f"{key}: {_in_line(value)}" for key, value in pack.defaults.items()],
        "Limits": [f"{key}: {_in_line(value)}"
                   for key, value in pack.limits.model_dump(mode="json").items() if value],
    }  # fmt: skip
    for title, lines in sections.items():
        if lines:
            yield from _heading(2, title)
            yield _list(lines)


def _list(lines: Sequence[str]) -> Block:
    return ListBlock(tuple((_paragraph(line),) for line in lines))


def _heading(level: int, text: str) -> Iterator[Block]:
    yield Heading(level, _runs(text))


def _paragraph(text: str) -> Paragraph:
    return Paragraph(_runs(text))


def _runs(text: str) -> tuple[Run, ...]:
    return (Run(text),)
