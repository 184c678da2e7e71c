"""What is guarded and new in the library, also where a pack changes nothing: told, since somebody must answer for it.

`base/guarded.yaml` names what there was when the pack was adapted or last brought forward. Pure, on text.
"""

import json
from collections.abc import Iterator, Mapping

from builder.packs import parts, shapes, spans
from builder.packs.classes import class_of
from builder.packs.layers import BASE, is_list, kind_of
from builder.strict import read_yaml

NAME = "guarded.yaml"
PATH = f"{BASE}/{NAME}"
_HEAD = (
    "# What the library held that is guarded, when this pack was last brought forward.\n"
    "# 'workshop pack update' tells by it what is new; nobody edits it.\n"
)
_BY_ENTRY = ("readings", "sources")
_TOLD = ("advisory", "readings", "sources", "Access", "Debrief")
Names = Mapping[str, tuple[str, ...]]


def guarded_in(library: Mapping[str, str]) -> Names:
    """The guarded parts of each file that a team has to answer for: advisories, readings, sources, debriefs, access."""
    found = {path: tuple(dict.fromkeys(_names(path, text))) for path, text in sorted(library.items())}
    return {path: names for path, names in found.items() if names}


def _names(path: str, text: str) -> Iterator[str]:
    listed, kind = is_list(path), kind_of(path)
    for part, written in parts.parts_of(text, listed=listed).items():
        if class_of(kind, part) != "guarded" or (not listed and part.partition("/")[0] not in _TOLD):
            continue
        value = spans.value_of(written) if part in _BY_ENTRY and not listed else None
        if isinstance(value, list):
            yield from (f"{part}/{' '.join(shapes.name_of(each).split())}" for each in value)
        else:
            yield part


def written(found: Names) -> str:
    """The file that keeps the names."""
    lines = (f"{json.dumps(path)}: {json.dumps(names, ensure_ascii=False)}\n" for path, names in found.items())
    return _HEAD + "".join(lines)


def kept(text: str) -> Names | None:
    """The names that the file keeps, None where it is none."""
    marked, problems = read_yaml(text, "")
    if not text or problems:
        return None
    return {path: tuple(map(str, names)) for path, names in marked.values.items() if isinstance(names, list)}


def changed(before: Names, now: Names) -> Iterator[tuple[str, str, bool]]:
    """Each part that came or went: its file, its name, and whether it came."""
    for path in sorted({*before, *now}):
        old, new = before.get(path, ()), now.get(path, ())
        yield from ((path, part, True) for part in new if part not in old)
        yield from ((path, part, False) for part in old if part not in new)
