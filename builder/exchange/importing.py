"""The whole way back: a document read, its pieces placed, what they change decided and tried, what is left kept."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from builder.exchange import changes, review
from builder.exchange.changes import Decided
from builder.exchange.gathered import File, Part, chosen, files_of, usable
from builder.exchange.opening import Opened, read_document
from builder.exchange.placing import Placing, placed, tags
from builder.exchange.seen import Looking
from builder.folder import disk
from builder.library import Findings, shown
from builder.packs.adapting import texts_by_path
from builder.packs.layers import Layer, read_layer
from builder.problems import InputError
from builder.strict import clean

_SHOWN = 200


@dataclass(frozen=True)
class Imported:
    """What to write into a pack by paths in it, the texts that this was decided on, and what to tell."""

    files: Mapping[str, str]
    read: Mapping[str, str]
    report: Sequence[str]


def imported(document: Path, folder: Path, root: Path, packs: Sequence[Path] = ()) -> Imported:
    """What a document changes in the pack in `folder`, over the library in `root` with `packs` between them.

    Nothing is written. Raises InputError where the document, the pack or the library cannot be used.
    """
    opened = read_document(document)
    layer = changes.layer_of(folder)
    found = usable(root, [*packs, folder])
    looking = Looking(opened)
    seen = looking.everything()
    told = opened.properties.get("lesson")
    files = _files(found, told, tags(seen))
    placing = placed(seen, files, told, document.as_posix())
    result = changes.decided(placing, _exported(opened, files[placing.lesson], placing.lesson))
    result.left += [("a frame or a text box", "stands in no part", text) for text in looking.outside]
    result.left += [(at, "is a footnote, which no part holds", opened.notes.get(key, "")) for key, at in placing.notes]
    result.left = list(dict.fromkeys(each for each in result.left if each[2].strip()))
    comments = [(at, opened.comments[key]) for key, at in placing.comments if key in opened.comments]
    changes.tried(result, layer, _below(found, root, packs), root, packs)
    read = {path: text for path in (review.COMMENTS, review.NOT_PLACED) if (text := _read(folder, path)) is not None}
    kept = {
        review.COMMENTS: review.with_comments(read.get(review.COMMENTS, ""), comments),
        review.NOT_PLACED: review.with_left(read.get(review.NOT_PLACED, ""), result.left),
    }
    files_now = {**result.files, **{path: text for path, text in kept.items() if text != read.get(path, "")}}
    report = _report(result, placing, looking.tracked, len(comments), layer)
    return Imported(files_now, {**layer.written, **read}, report)


def _files(found: Findings, told: str | None, marked: Collection[str]) -> dict[str, list[File]]:
    """The files of the lesson that a document was made of, where its marks are all of it; else those of each lesson."""
    if told in found.library.lessons:
        files = list(files_of(found, str(told)))
        known = {file.tag for file in files} | {part.tag for file in files for part in file.parts}
        if marked and known.issuperset(marked):
            return {str(told): files}
    return {key: list(files_of(found, key)) for key in found.library.lessons}


def _exported(opened: Opened, files: Sequence[File], lesson: str) -> list[Part]:
    """The parts that the document held when it was made; none where it does not say."""
    scope = opened.properties.get("scope", "")
    if scope.partition("#")[0].strip("/").partition("/")[0] != lesson:
        return []
    try:
        return [part for file in chosen(files, scope) for part in file.parts]
    except InputError:
        return []


def _below(found: Findings, root: Path, packs: Sequence[Path]) -> Mapping[str, str]:
    """The texts that lie below the pack, by their paths inside the library."""
    texts = texts_by_path(found.texts, shown(root))
    for each in packs:
        texts |= {path: text for path, text in read_layer(each).texts.items() if path not in texts and "/" in path}
    return texts


def _read(folder: Path, path: str) -> str | None:
    """A file of the pack that is no part of a lesson, None where there is none."""
    with disk.explained(folder / path):
        content = disk.read(folder / path)
    return clean(content.decode("utf-8-sig", errors="replace")) if content is not None else None


def _report(result: Decided, placing: Placing, tracked: int, comments: int, layer: Layer) -> list[str]:
    """What is told: what changes, what was left and why, what else came along."""
    lines = []
    for change in result.changes:
        why = f" Reason: {change.reason}" if change.reason else ""
        lines.append(f"{change.part.name}: {'taken out' if change.text is None else 'changed'}.{why}")
    lines += result.told
    lines += [f"{where}: {why}: {_short(text)}" for where, why, text in result.left]
    if tracked:
        lines.append(f"{tracked} tracked change{'s' if tracked != 1 else ''} counted as accepted.")
    if comments:
        what = f"{comments} comment{'s are' if comments != 1 else ' is'}"
        lines.append(f"{what} kept in {layer.shown(review.COMMENTS)}; names were left out.")
    if result.left:
        lines.append(f"What could not be placed is kept in {layer.shown(review.NOT_PLACED)}.")
    count = len(result.changes)
    lines.append(f"{placing.lesson}: {count} part{'s' if count != 1 else ''} changed." if count else "No part changed.")
    return lines


def _short(text: str) -> str:
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return plain if len(plain) <= _SHOWN else f"{plain[:_SHOWN]}…"
