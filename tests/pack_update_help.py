"""A pack in memory, and the library it lies over: adapted, edited, brought forward."""

import re

from pack_help import GOOD, PACK

from builder.packs import adapting, parts, undecided, updating
from builder.packs.layers import read_layer
from builder.packs.loading import laid_over

STEP = "listening/activities/two-minutes.md"
LESSON = "listening/lesson.md"
STATUE = "voices/cards/statue.md"


def texts_in(folder):
    """Every text of a folder, by its path in it."""
    found = [path for path in folder.rglob("*") if path.suffix in {".md", ".yaml"} and path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in sorted(found)}


OLD = texts_in(GOOD)


def newer(library, **changes):
    """The library with another version of each lesson."""
    made = {path: text.replace("version: 1.0.0", "version: 1.1.0") for path, text in library.items()}
    return {**made, **changes}


def written(folder, texts):
    """A folder that holds these texts and no others."""
    for path in [each for each in folder.rglob("*") if each.is_file() and each.suffix in {".md", ".yaml"}]:
        if path.relative_to(folder).as_posix() not in texts:
            path.unlink()
    for name, text in texts.items():
        path = folder / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return folder


def layer_of(folder, pack):
    """A pack as it is read from a folder."""
    return read_layer(written(folder, {"pack.yaml": PACK, **pack}))


def adapted(folder, pack, library, *wanted):
    """The pack with more of the library taken into it."""
    for each in wanted:
        pack = {**pack, **adapting.adapt(each, library, layer_of(folder, pack)).files}
    return pack


def put(text, part, new, *, listed=False):
    """A file with one part written anew, or without it."""
    return parts.with_part(text, part, new, listed=listed)


def update(folder, pack, library, version="2.0.0"):
    """What an update says, part by part, and the pack after it."""
    found = updating.decide(layer_of(folder, pack), library, version)
    after = {**layer_of(folder, pack).written, **found.files}
    told = [(each.path, each.part, each.kind) for each in found.outcomes]
    return told, {path: text for path, text in after.items() if text is not None}


def kinds(told):
    """What becomes of the parts, in order, without their names."""
    return [kind for _, _, kind in told]


def errors_over(tmp_path, pack, library):
    """The codes of all errors of a library with the pack over it."""
    modules, folder = written(tmp_path / "modules", library), written(tmp_path / "riverside", pack)
    for picture in GOOD.rglob("*.png"):
        target = modules / picture.relative_to(GOOD)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(picture.read_bytes())
    return [each.code for each in laid_over(modules, [folder]).findings.problems if each.severity == "error"]


def decided(text, *, listed=False):
    """A file in which somebody kept the pack's side of everything."""
    kept = re.sub(r"(?ms)^<<<<<<<.*?\n(.*?)^=======$.*?^>>>>>>>[^\n]*\n", r"\1", text)
    return parts.with_part(kept, undecided.KEY, None, listed=listed)
