"""What `workshop check` says of a pack beyond whether it can be used: open ends, and what the library changed since."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from builder.library import shown
from builder.packs import parts
from builder.packs.layers import Layer, is_list
from builder.packs.loading import Laid
from builder.packs.merging import RESERVED
from builder.problems import Problem
from builder.strict import shortened


def judged(laid: Laid, folder: Path) -> Iterator[Problem]:
    """The open ends of each pack over the library in `folder`."""
    library = {path: laid.findings.texts[shown(folder / path)] for path in _paths(laid, folder)}
    for layer in laid.layers:
        yield from _to_fill(layer)
        for path in (*layer.raws, *layer.lists):
            if path in library:
                yield from _base(layer, path, library[path])


def _paths(laid: Laid, folder: Path) -> Iterator[str]:
    texts = laid.findings.texts
    for layer in laid.layers:
        yield from (path for path in (*layer.raws, *layer.lists) if shown(folder / path) in texts)


def _to_fill(layer: Layer) -> Iterator[Problem]:
    """Required terms that are not filled, as to-dos."""
    for name, term in (layer.pack.terms if layer.pack else {}).items():
        if term.required and term.one is None:
            meaning = f" ({term.meaning})" if term.meaning else ""
            message = f"to do: say what '{name}'{meaning} is called here; no paper comes out without it."
            problem = layer.marked.problem("to-do", message, ("terms", name), "Write 'one: …'.", at_key=True)
            yield replace(problem, severity="warning")


def changed_parts(layer: Layer, path: str, library: Mapping[str, str]) -> list[str]:
    """The parts of a file that the pack changes or removes and the library has, as `base/` should hold them."""
    own = parts.parts_of(layer.texts.get(path, ""), listed=is_list(path))
    marked = layer.lists[path] if is_list(path) else layer.raws[path].marked
    removed = marked.values.get("remove")
    named = [part for part in removed if isinstance(part, str)] if isinstance(removed, list) else []
    gone = [part if part in library else part.partition("/")[0] for part in named]
    gone += [part for part in library for name in named if part.startswith(f"{name}/")]
    wanted = dict.fromkeys([*(part for part in own if part not in {*RESERVED, parts.HEAD}), *gone])
    found = []
    for part in wanted:
        says_nothing = not parts.is_field(part, listed=is_list(path)) and not parts.words_of(part, own.get(part, ""))
        if part in library and (part in gone or not says_nothing) and not parts.same(own.get(part, ""), library[part]):
            found.append(part)
    return found


def _base(layer: Layer, path: str, text: str) -> Iterator[Problem]:
    """Parts of which `base/` keeps nothing, and parts that the library has changed since."""
    library = parts.parts_of(text, listed=is_list(path))
    kept = layer.base_parts(path)
    lines = {piece.part: piece.line + 1 for piece in parts.taken_apart(layer.texts[path], listed=is_list(path))}
    for part in changed_parts(layer, path, library):
        line = lines.get(part, lines.get("remove", 1))
        if part not in kept:
            message = f"base/ keeps nothing of '{shortened(part)}', so an update cannot tell what the library changes."
            hint = f"'workshop pack adapt' keeps it; or copy it to base/{path} as the library had it."
            yield Problem("no-base", message, layer.shown(path), line, 1, hint, "warning")
        elif not parts.same(kept[part], library[part]):
            message = f"the library has changed '{shortened(part)}' since it was adapted."
            hint = "'workshop pack status' shows how, 'workshop pack update' brings it in."
            yield Problem("parent-changed", message, layer.shown(path), line, 1, hint, "warning")
