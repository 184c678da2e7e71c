"""However a pack is written, nothing guarded goes without its reason, and nothing that it does not name changes."""

from hypothesis import given, settings
from hypothesis import strategies as st
from pack_help import GOOD, STATUE, STEP

from builder.library.raw import Raw
from builder.library.reading import LibraryReading
from builder.model import Text
from builder.packs import parts, shapes
from builder.packs.classes import class_of
from builder.packs.layers import kind_of
from builder.packs.merging import merged
from builder.strict import read_yaml

PATHS = (STEP, STATUE, "listening/lesson.md", "voices/lesson.md", "listening/handouts/say-it-back.md")
WORDS = st.sampled_from(["Other words.", "More and other words.", "x"])
REASON = st.sampled_from([None, "Because of our rota."])


def raw_of(text, path):
    """A file as a library reads it."""
    lines = text.split("\n")
    end = lines.index("---", 1)
    marked, problems = read_yaml("\n".join(lines[1:end]), path, 2)
    assert problems == [], text
    return Raw(marked, Text(markdown="\n".join(lines[end + 1 :]), path=path, line=end + 2))


def original(path):
    """A file of the good library."""
    return LibraryReading(GOOD).raw(GOOD / path)


def held(raw):
    """All that a file says: fields, entries of lists and maps, sections, each by its name."""
    said = {}
    for key, value in raw.marked.values.items():
        if isinstance(value, list):
            said |= {f"{key}/{shapes.name_of(entry)}": entry for entry in value}
        elif isinstance(value, dict) and key != "argument":
            said |= {f"{key}/{name}": entry for name, entry in value.items()}
        else:
            said[key] = value
    for piece in parts.sections(raw.body.markdown):
        words = parts.words_of(piece.part, piece.text)
        if piece.part not in {"", parts.HEAD} and words:
            said[piece.part] = words
    return said


@st.composite
def overlays(draw):
    """A file of the library, and an overlay that keeps, replaces, adds and removes parts of it at random."""
    path = draw(st.sampled_from(PATHS))
    raw = original(path)
    fields, body, remove = [], [], []
    for key, value in raw.marked.values.items():
        fields += field_of(draw, key, value, remove)
    for piece in parts.sections(raw.body.markdown):
        if piece.part not in {"", parts.HEAD}:
            body += section_of(draw, piece.part, remove)
    names = [*raw.marked.values, *(piece.part for piece in parts.sections(raw.body.markdown))]
    because = {name: reason for name in names if (reason := draw(REASON)) is not None}
    front = "\n".join([*fields, f"remove: {remove!r}", f"because: {because!r}"])
    return path, raw, raw_of(f"---\n{front}\n---\n\n" + "\n\n".join(body) + "\n", f"pack/{path}")


def field_of(draw, key, value, remove):
    """One field as an overlay may have it; what is to be removed goes into `remove`."""
    how = draw(st.sampled_from(["keep", "keep", "replace", "remove", "entries"]))
    if how == "replace":
        yield f"{key}: [{draw(WORDS)!r}]" if isinstance(value, list) else f"{key}: {draw(WORDS)!r}"
    elif how == "remove":
        remove.append(key)
    elif how == "entries" and isinstance(value, list):
        names = draw(st.lists(st.sampled_from([shapes.name_of(entry) for entry in value]), unique=True))
        added = draw(st.lists(WORDS, max_size=2, unique=True))
        yield f"{key}: {{add: {added!r}, remove: {names!r}}}"


def section_of(draw, part, remove):
    """One section as an overlay may have it; what is to be removed goes into `remove`."""
    how = draw(st.sampled_from(["keep", "keep", "replace", "remove"]))
    heading = f"{'###' if '/' in part else '##'} {part.rpartition('/')[2]}"
    if how == "remove":
        remove.append(part)
    if how == "replace":
        yield draw(WORDS) if part == parts.LEAD else f"{heading}\n\n{draw(WORDS)}"
    elif part == "Debrief":
        yield heading


@settings(max_examples=300, deadline=None)
@given(overlays())
def test_nothing_guarded_goes_without_a_reason(drawn):
    """Each guarded part that is gone or other than before has its reason, or an error that asks for one."""
    path, lower, upper = drawn
    found = merged(kind_of(path), path, lower, upper)
    before, after = held(lower), held(found.raw)
    reasons = {change.part: change.reason for change in found.changes}
    asked = " ".join(problem.message for problem in found.problems if problem.code == "no-reason")
    for part, said in before.items():
        if after.get(part) == said or class_of(kind_of(path), part) != "guarded":
            continue
        above = [part, part.partition("/")[0]]
        assert any(reasons.get(each) for each in above) or any(f"'{each[:60]}" in asked for each in above), part


@settings(max_examples=300, deadline=None)
@given(overlays())
def test_nothing_locked_ever_changes(drawn):
    """What is locked is the library's afterwards, whatever the pack says."""
    path, lower, upper = drawn
    after = held(merged(kind_of(path), path, lower, upper).raw)
    for part, said in held(lower).items():
        if class_of(kind_of(path), part) == "locked":
            assert after.get(part) == said, part


@settings(max_examples=300, deadline=None)
@given(overlays())
def test_every_difference_is_a_change_that_is_told(drawn):
    """What is other than before stands among the changes, so that the statement in the papers is whole."""
    path, lower, upper = drawn
    found = merged(kind_of(path), path, lower, upper)
    before, after = held(lower), held(found.raw)
    told = {change.part for change in found.changes}
    for part in {*before, *after}:
        if before.get(part) != after.get(part):
            assert {part, part.partition("/")[0]} & told, part
