"""Taking parts of the library into a pack, ready to edit, with the library's own text kept in `base/`. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from builder.library.reading import LISTS, PARTS
from builder.packs import parts
from builder.packs.classes import class_of
from builder.packs.layers import BASE, Layer, is_list, kind_of
from builder.packs.merging import RESERVED
from builder.problems import InputError, Problem, did_you_mean
from builder.strict import read_yaml

LESSON = "lesson.md"


@dataclass
class Adapted:
    """What adapting writes: files by their paths in the pack, and what was taken over and what was there already."""

    files: dict[str, str] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def adapt(wanted: str, library: Mapping[str, str], layer: Layer) -> Adapted:
    """The parts that `wanted` names, for a pack; raises InputError where it names nothing that can be adapted.

    `library` holds the library's texts by their paths inside it. `wanted` is a lesson, a file of it (`lesson/step`,
    with or without its folder and `.md`), a list file, or one part of a file (`…#part`). What the pack says already
    stays as it is.
    """
    name, _, part = wanted.partition("#")
    paths = list(_files(name.strip("/"), library))
    if not paths:
        known = sorted({path.partition("/")[0] for path in library} | {_short(path) for path in library})
        raise _refused("unknown-part", f"the library has no '{name}'.", did_you_mean(name, known))
    if part and len(paths) > 1:
        paths = _with_part(wanted, paths, part, library)
    if is_list(paths[0]) and not part:
        raise _refused("unknown-part", f"{name}: name one entry.", f"Such as {name}#ID.")
    found = Adapted()
    for path in paths:
        _file(path, part, library, layer, found)
    if not found.taken:
        told = f"'{wanted}' is adapted already."
        raise _refused("adapted-already", told, f"Edit {layer.shown(paths[0])}: nothing in it was changed.")
    return found


def _files(name: str, library: Mapping[str, str]) -> Iterator[str]:
    """The files that a name means: a whole lesson, or one file."""
    if name in library:
        yield name
    elif f"{name}.md" in library or f"{name}.yaml" in library:
        yield f"{name}.md" if f"{name}.md" in library else f"{name}.yaml"
    elif f"{name}/{LESSON}" in library:
        yield from sorted((path for path in library if path.startswith(f"{name}/")), key=lambda p: p.count("/"))
    else:
        yield from (path for path in library if _short(path) == name.removesuffix(".md"))


def _with_part(wanted: str, paths: list[str], part: str, library: Mapping[str, str]) -> list[str]:
    """The one file of several that is meant: the lesson's own, else the one that has the part."""
    own = [path for path in paths if path.endswith(f"/{LESSON}")]
    top = part.partition("/")[0].casefold()
    having = [path for path in paths if top in {each.casefold() for each in parts.parts_of(library[path])}]
    found = own or having or paths[:1]
    if len(found) > 1:
        raise _refused("several-files", f"'{wanted}' is in {' and in '.join(found)}.", "Name one of these files.")
    return found


def _short(path: str) -> str:
    """A file as its id names it: `lesson/stem`."""
    steps = path.removesuffix(".md").split("/")
    return f"{steps[0]}/{steps[2]}" if len(steps) == 3 and steps[1] in PARTS else path


def _file(path: str, wanted: str, library: Mapping[str, str], layer: Layer, found: Adapted) -> None:
    """Take over one file's parts."""
    listed, kind = is_list(path), kind_of(path)
    theirs = parts.parts_of(library[path], listed=listed)
    chosen = [part for part in theirs if part != parts.HEAD and class_of(kind, part) != "locked"]
    chosen = [part for part in chosen if parts.is_field(part, listed=listed) or _says_something(part, theirs)]
    if wanted:
        chosen = _named(wanted, path, theirs, chosen)
    own, base = layer.texts.get(path, ""), layer.base.get(path, "")
    present = {*parts.parts_of(own, listed=listed), *_touched(own, listed=listed)}
    for part in chosen:
        if part in present:
            found.kept.append(f"{path}#{part}")
            continue
        own = parts.with_part(own, part, theirs[part], order=list(theirs), listed=listed)
        base = parts.with_part(base, part, theirs[part], order=list(theirs), listed=listed)
        found.taken.append(f"{path}#{part}")
    if own != layer.texts.get(path, ""):
        found.files[path], found.files[f"{BASE}/{path}"] = own, base
        if not listed:
            _keep_version(path.partition("/")[0], library, layer, found)


def _says_something(part: str, theirs: Mapping[str, str]) -> bool:
    return bool(parts.words_of(part, theirs[part]))


def _named(wanted: str, path: str, theirs: Mapping[str, str], chosen: Sequence[str]) -> list[str]:
    """The part that somebody named, with the parts of it; raises InputError where it is none or cannot be changed."""
    known = {part.casefold(): part for part in theirs}
    part = known.get(wanted.casefold()) or known.get(wanted.partition("/")[0].casefold())
    if part is None or part == parts.HEAD:
        raise _refused("unknown-part", f"{path} has no part '{wanted}'.", did_you_mean(wanted, theirs))
    found = [each for each in chosen if each == part or each.startswith(f"{part}/")]
    if not found:
        hint = "Whose words these are, and how a case is guarded, stays as the library has it."
        raise _refused("locked-part", f"{path}: '{part}' cannot be changed by a pack.", hint)
    return found


def _touched(own: str, *, listed: bool) -> set[str]:
    """The parts that an overlay removes: they are changed already."""
    front = "".join(piece.text for piece in parts.taken_apart(own, listed=listed) if piece.part == RESERVED[0])
    removed = read_yaml(front, "")[0].values.get(RESERVED[0])
    return {part for part in removed if isinstance(part, str)} if isinstance(removed, list) else set()


def _keep_version(lesson: str, library: Mapping[str, str], layer: Layer, found: Adapted) -> None:
    """`base/` always knows from which version of a lesson it was adapted."""
    path = f"{lesson}/{LESSON}"
    base = found.files.get(f"{BASE}/{path}", layer.base.get(path, ""))
    version = parts.parts_of(library.get(path, "")).get("version")
    if version and "version" not in parts.parts_of(base):
        found.files[f"{BASE}/{path}"] = parts.with_part(base, "version", version)


def texts_by_path(texts: Mapping[str, str], folder: str) -> dict[str, str]:
    """The texts of a library by their paths inside it; `texts` by the paths that messages name."""
    inside = {path.removeprefix(f"{folder}/"): text for path, text in texts.items() if path.startswith(f"{folder}/")}
    return {path: text for path, text in inside.items() if path in LISTS or path.endswith(".md")}


def _refused(code: str, message: str, hint: str) -> InputError:
    return InputError([Problem(code, message, hint=hint)])
