"""Bringing a pack forward: the library's old text, its new text and the pack's, part by part."""

import pytest
from pack_update_help import LESSON, OLD, STEP, adapted, decided, errors_over, kinds, newer, put, update

from builder.packs import parts

# ------------------------------------------------------------ every change on both sides

# One part of each kind: the file, the part to adapt, and how the library, the library of tomorrow and the pack write it.
FIELD = (LESSON, "audience", "audience: Anyone who is asked for help\n", "audience: Everybody\n", "audience: Nurses\n")
SECTION = (STEP, "Notes", "## Notes\n\nLet it be long.\n", "## Notes\n\nLet it be.\n", "## Notes\n\nOn a ward, wait.\n")
UNITS = {"field": FIELD, "section": SECTION}

# theirs, ours: what the update says
TABLE = {
    ("unchanged", "inherited"): [],
    ("unchanged", "copied"): [],
    ("unchanged", "changed"): [],
    ("unchanged", "removed"): [],
    ("changed", "inherited"): [],
    ("changed", "copied"): ["brought"],
    ("changed", "changed"): ["conflict"],
    ("changed", "same"): ["same"],
    ("changed", "removed"): ["conflict"],
    ("removed", "inherited"): [],
    ("removed", "copied"): ["gone"],
    ("removed", "changed"): ["kept"],
    ("removed", "removed"): ["gone"],
    ("nothing", "added"): [],
    ("added", "inherited"): [],
    ("added", "added"): ["conflict"],
    ("added", "same"): ["same"],
}


def library_with(path, part, text):
    """The library with one part written so, or without it."""
    return {**OLD, path: put(OLD[path], part, text)}


def pack_with(folder, unit, ours, library):
    """A pack that does something with one part of the library."""
    path, part, old, new, mine = unit
    if ours == "inherited":
        return adapted(folder, {}, library, f"{path}#title")
    if ours == "removed":
        pack = adapted(folder, {}, library, f"{path}#{part}")
        return {**pack, path: put(put(pack[path], part, None), "remove", f"remove: [{part}]\n")}
    pack = adapted(folder, {}, library, f"{path}#{part}" if part in parts.parts_of(library[path]) else f"{path}#title")
    return {**pack, path: put(pack[path], part, {"copied": old, "changed": mine, "added": mine, "same": new}[ours])}


@pytest.mark.parametrize(("theirs", "ours"), TABLE, ids="-".join)
@pytest.mark.parametrize("unit", UNITS)
def test_a_field_and_a_section_with_every_change_on_both_sides(tmp_path, unit, theirs, ours):
    """Each case is told as it is, keeps the pack's text, loads or names what to decide, and is done after one run."""
    path, part, old, new, mine = UNITS[unit]
    before = library_with(path, part, None if theirs in {"added", "nothing"} else old)
    after = {"unchanged": old, "changed": new, "added": new, "removed": None, "nothing": None}[theirs]
    library = newer(library_with(path, part, after))
    pack = pack_with(tmp_path / "riverside", UNITS[unit], ours, before)
    told, once = update(tmp_path / "riverside", pack, library)
    assert kinds(told) == TABLE[theirs, ours]
    if ours in {"changed", "added"}:
        assert mine.splitlines()[-1] in once[path]
    again, twice = update(tmp_path / "riverside", once, library)
    assert twice == once
    assert set(kinds(again)) <= ({"waiting"} if "conflict" in TABLE[theirs, ours] else set())
    assert errors_over(tmp_path, once, library) == ["undecided"] * TABLE[theirs, ours].count("conflict")
    if "conflict" in TABLE[theirs, ours]:
        mended = {**once, path: decided(once[path])}
        assert update(tmp_path / "riverside", mended, library) == ([], mended)
        assert errors_over(tmp_path, mended, library) == []
