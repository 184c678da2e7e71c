"""Bringing a pack forward: the library's old text, its new text and the pack's, part by part."""

import pytest
from pack_help import CARD, PACK
from pack_update_help import (
    LESSON,
    OLD,
    STEP,
    adapted,
    decided,
    errors_over,
    kinds,
    layer_of,
    newer,
    put,
    update,
)

from builder.packs import parts, updating

# ------------------------------------------------------------ every change on both sides

# One part of each kind: file, part, and how the library, the library of tomorrow and the pack write it.
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


@pytest.mark.parametrize(("theirs", "ours"), TABLE)
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


# ------------------------------------------------------------ entries of lists and maps

PEN = "{item: Pen, per: person}"
PENS = "{item: Pen, per: pair}"
OURS = "{item: Pen, per: group}"
CLOCK = "{item: Clock that everyone can see, per: room, count: 1}"
ENTRIES = {
    "by add and remove": {
        "inherited": "materials:\n  add: [{item: Bell, per: room}]\n",
        "changed": f"materials:\n  add:\n    - {OURS}\n    - {{item: Bell, per: room}}\n  remove: [Pen]\n",
        "added": f"materials:\n  add:\n    - {OURS}\n    - {{item: Bell, per: room}}\n",
        "same": f"materials:\n  add:\n    - {PENS}\n    - {{item: Bell, per: room}}\n",
        "removed": "materials:\n  add: [{item: Bell, per: room}]\n  remove: [Pen]\n",
    },
    "whole": {
        "copied": f"materials:\n  - {CLOCK}\n  - {PEN}\n  - {{item: Bell, per: room}}\n",
        "inherited": f"materials:\n  - {CLOCK}\n  - {{item: Bell, per: room}}\n",
        "changed": f"materials:\n  - {CLOCK}\n  - {OURS}\n  - {{item: Bell, per: room}}\n",
        "added": f"materials: [{CLOCK}, {OURS}, {{item: Bell, per: room}}]\n",
        "same": f"materials: [{CLOCK}, {PENS}, {{item: Bell, per: room}}]\n",
        "removed": f"materials:\n  - {CLOCK}\n  - {{item: Bell, per: room}}\n",
    },
}
IN_LISTS = {**TABLE, ("changed", "inherited"): ["brought"], ("removed", "inherited"): ["gone"],
            ("added", "inherited"): ["arrived"]}  # fmt: skip
# A whole list inherits no entry, and what is added and removed holds no copies.
CASES = [
    (shape, theirs, ours)
    for shape, written in ENTRIES.items()
    for theirs, ours in IN_LISTS
    if ours in written and not (shape == "whole" and ours == "inherited" and theirs not in {"added", "nothing"})
]


@pytest.mark.parametrize(("shape", "theirs", "ours"), CASES)
def test_an_entry_of_a_list_with_every_change_on_both_sides(tmp_path, shape, theirs, ours):
    """Entries go each their own way; the Bell that the pack adds and the Clock that nobody changes always stay."""
    has_pen = theirs not in {"added", "nothing"}
    after = {"unchanged": [PEN], "changed": [PENS], "added": [PENS], "removed": [], "nothing": []}[theirs]
    before = library_with(STEP, "materials", f"materials: [{', '.join([CLOCK, *[PEN] * has_pen])}]\n")
    library = newer(library_with(STEP, "materials", f"materials: [{', '.join([CLOCK, *after])}]\n"))
    pack = adapted(tmp_path / "riverside", {}, before, f"{STEP}#materials")
    pack = {**pack, STEP: put(pack[STEP], "materials", ENTRIES[shape][ours])}
    told, once = update(tmp_path / "riverside", pack, library)
    assert kinds(told) == IN_LISTS[theirs, ours]
    assert "Bell" in once[STEP]
    if ours in {"changed", "added"}:
        assert OURS in once[STEP]
    again, twice = update(tmp_path / "riverside", once, library)
    assert twice == once
    assert set(kinds(again)) <= {"waiting"}
    wrong = [code for code in errors_over(tmp_path, once, library) if code != "entry-exists"]
    assert wrong == ["undecided"] * IN_LISTS[theirs, ours].count("conflict")


def test_a_new_reading_arrives_also_where_the_pack_gives_the_whole_list(tmp_path):
    """A list that is given whole would leave out what the library adds later; the update puts it in, and says so."""
    path = "voices/cards/statue.md"
    pack = adapted(tmp_path / "riverside", {}, OLD, f"{path}#readings")
    listed = parts.parts_of(pack[path])["readings"]
    mine = listed + "  - holder: Our own board # for now\n    constructed: true\n    text: We cannot say.\n"
    pack = {**pack, path: put(pack[path], "readings", mine)}
    new = (
        listed.rstrip() + "\n  - holder: Newcomers\n    constructed: true\n    text: Holders ask who was there first.\n"
    )
    library = newer({**OLD, path: put(OLD[path], "readings", new)})
    told, once = update(tmp_path / "riverside", pack, library)
    assert told == [(path, "readings/Newcomers", "arrived")]
    assert "Holders ask who was there first." in once[path]
    assert "Our own board # for now" in once[path]
    assert errors_over(tmp_path, once, library) == []
    assert update(tmp_path / "riverside", once, library) == ([], once)


def test_entries_of_a_map_go_each_their_own_way(tmp_path):
    """The minutes of one variant are the pack's, another follows the library, a removed one is undecided."""
    old = "variants:\n  threes: {rooms: 1}\n  online: {rooms: 2}\n  seated: {rooms: 3}\n  hybrid: {rooms: 4}\n"
    new = "variants:\n  threes: {rooms: 1}\n  online: {rooms: 5}\n  seated: {rooms: 6}\n  hybrid: {rooms: 7}\n"
    library = {**OLD, STEP: put(OLD[STEP], "variants", old)}
    pack = adapted(tmp_path / "riverside", {}, library, f"{STEP}#variants")
    mine = "variants:\n  threes: {rooms: 9} # three\n  online: {rooms: 2} # two\n  seated: {rooms: 8}\n"
    pack = {**pack, STEP: put(put(pack[STEP], "variants", mine), "remove", "remove: [variants/hybrid]\n")}
    told, once = update(tmp_path / "riverside", pack, newer({**OLD, STEP: put(OLD[STEP], "variants", new)}))
    assert told == [(STEP, "variants/online", "brought"), (STEP, "variants/seated", "conflict"),
                    (STEP, "variants/hybrid", "conflict")]  # fmt: skip
    assert "  threes: {rooms: 9} # three\n  online: {rooms: 5}" in once[STEP]
    assert once[STEP].endswith(
        'undecided:\n  "variants/seated":\n    riverside 1.2.0: as above\n    library 2.0.0: |\n      {rooms: 6}\n'
        '  "variants/hybrid":\n    riverside 1.2.0: removed\n    library 2.0.0: |\n      {rooms: 7}\n---\n'
    )


# ------------------------------------------------------------ entries of list files


@pytest.mark.parametrize(
    ("mine", "new", "kind"),
    [
        ("pass:\n  variants: [skip]\n", "pass:\n  definition: To be silent.\n", "brought"),
        ("pass:\n  definition: Ours.\n", "pass:\n  definition: To be silent.\n", "conflict"),
        ("pass:\n  definition: Ours.\n", None, "conflict"),
        ("pass:\n  definition: Not to answer.\n", None, "gone"),
        ("remove: [pass]\n", None, "gone"),
        ("remove: [pass]\n", "pass:\n  definition: To be silent.\n", "conflict"),
    ],
)
def test_an_entry_of_a_list_file(tmp_path, mine, new, kind):
    """An entry is a part of its own; what is left of one that the library removed cannot stand alone."""
    old = {**OLD, "glossary.yaml": "pass:\n  definition: Not to answer.\n\nother:\n  definition: Another.\n"}
    pack = adapted(tmp_path / "riverside", {}, old, "glossary.yaml#pass")
    pack = {**pack, "glossary.yaml": f"# Ours\n{mine}because: {{pass: It is another word here.}}\n"}
    library = newer({**old, "glossary.yaml": f"{new or ''}\nother:\n  definition: Another.\n"})
    told, once = update(tmp_path / "riverside", pack, library)
    assert kinds(told) == [kind]
    assert once["glossary.yaml"].startswith("# Ours\n")
    assert "It is another word here." in once["glossary.yaml"]
    assert update(tmp_path / "riverside", once, library)[1] == once
    assert set(errors_over(tmp_path, once, library)) == ({"undecided"} if kind == "conflict" else set())


# ------------------------------------------------------------ sections, block by block


def test_two_changes_of_a_section_that_do_not_touch_are_put_together(tmp_path):
    """Our first entry and the library's last are both in, the rest is as the pack wrote it."""
    part = "Notes"
    old = "## Notes\n\n- One.\n- Two.\n- Three.\n- Four.\n"
    library = {**OLD, STEP: put(OLD[STEP], part, old)}
    pack = adapted(tmp_path / "riverside", {}, library, f"{STEP}#{part}")
    pack = {**pack, STEP: pack[STEP].replace("- One.", "- One,\n  on  a ward.")}
    new = newer({**library, STEP: library[STEP].replace("- Four.", "- Four!\n- Five.")})
    told, once = update(tmp_path / "riverside", pack, new)
    assert told == [(STEP, part, "merged")]
    assert once[STEP].endswith("## Notes\n\n- One,\n  on  a ward.\n- Two.\n- Three.\n- Four!\n- Five.\n\n")
    assert update(tmp_path / "riverside", once, new) == ([], once)


def test_a_conflict_in_a_section_names_both_sides_and_is_refused_with_its_place(tmp_path):
    """Only the entry that both changed stands between the marker lines."""
    old = "## Notes\n\n- One.\n- Two.\n- Three.\n"
    library = {**OLD, STEP: put(OLD[STEP], "Notes", old)}
    pack = adapted(tmp_path / "riverside", {}, library, f"{STEP}#Notes")
    pack = {**pack, STEP: pack[STEP].replace("- Two.", "- Our two.")}
    new = newer({**library, STEP: library[STEP].replace("- Two.", "- Their two.")})
    told, once = update(tmp_path / "riverside", pack, new)
    assert told == [(STEP, "Notes", "conflict")]
    assert once[STEP] == (
        "---\n---\n\n## Notes\n\n- One.\n\n<<<<<<< ours (riverside 1.2.0)\n\n- Our two.\n\n=======\n\n- Their two.\n\n"
        ">>>>>>> library 2.0.0\n\n- Three.\n\n"
    )
    found = [each for each in layer_of(tmp_path / "riverside", once).problems if each.severity == "error"]
    assert [(each.code, each.line) for each in found] == [("undecided", 8)]
    later = {**new, STEP: new[STEP].replace("- Their two.", "- Their other two.")}
    assert update(tmp_path / "riverside", once, later) == ([(STEP, "Notes", "waiting")], once)


def test_two_changes_that_together_cannot_be_read_are_left_to_decide(tmp_path):
    """The pack opens a box that the library closes elsewhere: put together they would be no Markdown."""
    old = "## Notes\n\nOne.\n\nTwo.\n\n::: say\nThree.\n:::\n\nFour.\n\nFive.\n"
    library = {**OLD, STEP: put(OLD[STEP], "Notes", old)}
    pack = adapted(tmp_path / "riverside", {}, library, f"{STEP}#Notes")
    pack = {
        **pack,
        STEP: pack[STEP]
        .replace("::: say\nThree.\n", "Three.\n\n::: say\nFour.\n")
        .replace("\nFour.\n\nFive", "\nFive"),
    }
    new = newer({**library, STEP: library[STEP].replace("Three.\n:::\n\nFour.", "Three.\n\nFour.\n:::")})
    told, once = update(tmp_path / "riverside", pack, new)
    assert told == [(STEP, "Notes", "conflict")]
    assert update(tmp_path / "riverside", once, new)[1] == once


def test_a_section_that_the_library_adds_below_one_that_the_pack_removed_is_not_lost(tmp_path):
    """Removing the debrief was decided without the new question in it."""
    pack = adapted(tmp_path / "riverside", {}, OLD, f"{STEP}#Debrief")
    pack = {**pack, STEP: "---\nremove: [Debrief]\nbecause: {Debrief: We debrief elsewhere.}\n---\n"}
    told, once = update(tmp_path / "riverside", pack, newer(OLD))
    assert told == []
    new = newer(
        {**OLD, STEP: OLD[STEP].replace("### What next", "### Who else\n\n- Who is not here?\n\n### What next")}
    )
    told, once = update(tmp_path / "riverside", once, new)
    assert told == [(STEP, "Debrief/Who else", "conflict")]
    assert "Who is not here?" in once[STEP]
    assert errors_over(tmp_path, once, new) == ["undecided"]
    mended = {**once, STEP: decided(once[STEP])}
    assert update(tmp_path / "riverside", mended, new) == ([], mended)


# ------------------------------------------------------------ whole files


def test_a_file_that_the_library_removed_is_named_and_kept(tmp_path):
    """Its text stays, the pack is refused with its place, and a file that may be it is named."""
    pack = adapted(tmp_path / "riverside", {}, OLD, f"{STEP}#Notes")
    pack = {**pack, STEP: pack[STEP].replace("Let it.", "Let it, here too.")}
    library = newer({path: text for path, text in OLD.items() if path != STEP})
    library["listening/activities/two-long-minutes.md"] = OLD[STEP]
    library[LESSON] = library[LESSON].replace("[two-minutes,", "[two-long-minutes,")
    told, once = update(tmp_path / "riverside", pack, library)
    assert told == [(STEP, "", "lost")]
    assert once[STEP] == pack[STEP]
    assert update(tmp_path / "riverside", once, library) == (told, once)
    near = updating.decide(layer_of(tmp_path / "riverside", once), library, "2.0.0").outcomes[0].near
    assert near == "listening/activities/two-long-minutes.md"
    assert "no-parent" in errors_over(tmp_path, once, library)


def test_a_copy_of_a_file_that_the_library_removed_goes_with_it(tmp_path):
    """Nothing in it was the pack's."""
    pack = adapted(tmp_path / "riverside", {}, OLD, f"{STEP}#Notes")
    library = newer({path: text for path, text in OLD.items() if path != STEP})
    library[LESSON] = library[LESSON].replace("[two-minutes, ", "[")
    told, once = update(tmp_path / "riverside", pack, library)
    assert told == [(STEP, "", "gone")]
    assert STEP not in once
    assert f"base/{STEP}" not in once


def test_a_file_that_both_added_is_undecided_where_they_differ(tmp_path):
    """The library's new card of the same name does not mix with the pack's own."""
    path, new = "voices/cards/night-rota.md", CARD.replace("A ward plans", "A hospital plans")
    library = newer({**OLD, path: new})
    told, once = update(tmp_path / "riverside", {path: CARD}, library)
    assert [each for each in told if each[2] != "same"] == [(path, "lead", "conflict")]
    assert "A ward plans its nights." in once[path]
    assert update(tmp_path / "riverside", once, library)[1] == once
    assert set(kinds(update(tmp_path / "riverside", {path: new}, library)[0])) == {"same"}


# ------------------------------------------------------------ what stays as it was written


def test_comments_order_and_the_rest_of_the_file_stay(tmp_path):
    """A pack edited by hand keeps every character outside the entry that changes."""
    text = (
        "---\n# Ours, 2026\nadvisory:   >-\n  Pass\n  freely.\n\nmaterials: # three\n"
        "  - {item: Pen,   per: person} # keep\n  # the clock is loud\n  - item: Clock\n    per: room\n"
        "because: {advisory: 'We say it shorter.'}\n---\n\n## Our own section\n\nText.  \n"
    )
    old = {
        **OLD,
        STEP: put(OLD[STEP], "materials", "materials: [{item: Pen, per: person}, {item: Clock, per: room}]\n"),
    }
    pack = adapted(tmp_path / "riverside", {}, old, f"{STEP}#materials")
    text = text.replace("advisory:   >-\n  Pass\n  freely.\n", "title:   >-\n  Two\n  minutes\n").replace(
        "advisory", "title"
    )
    pack = {
        **pack,
        STEP: text,
        f"base/{STEP}": put(pack[f"base/{STEP}"], "title", "title: Two minutes without a word\n"),
    }
    library = newer({**old, STEP: old[STEP].replace("{item: Clock, per: room}", "{item: Clock, per: pair}")})
    told, once = update(tmp_path / "riverside", pack, library)
    assert told == [(STEP, "materials/Clock", "brought")]
    assert once[STEP] == text.replace("  - item: Clock\n    per: room\n", "  - {item: Clock, per: pair}\n")


def test_the_parents_version_comes_forward_in_place(tmp_path):
    """One word of pack.yaml changes."""
    told, once = update(tmp_path / "riverside", {}, newer(OLD))
    assert told == []
    assert once["pack.yaml"] == PACK.replace("version: 1.0.0}", "version: 2.0.0}")


def test_a_pack_two_versions_behind(tmp_path):
    """What changed twice comes in as it is now; `base/` and the lesson's version say so."""
    pack = adapted(tmp_path / "riverside", {}, OLD, f"{STEP}#Notes", f"{STEP}#title", f"{LESSON}#summary")
    pack = {**pack, LESSON: pack[LESSON].replace("before they say", "before they ever say")}
    second = newer({**OLD, STEP: OLD[STEP].replace("Let it.", "Let it be.")})
    third = {
        path: text.replace("1.1.0", "1.2.0").replace("Let it be.", "Let it.\n- Wait.") for path, text in second.items()
    }
    told, once = update(tmp_path / "riverside", pack, third, "3.0.0")
    assert told == [(STEP, "Notes", "brought")]
    assert "version: 1.2.0" in once[f"base/{LESSON}"]
    assert "- Wait." in once[f"base/{STEP}"]
    assert once[LESSON] == pack[LESSON]
    assert errors_over(tmp_path, once, third) == []


def test_what_was_written_by_hand_without_base_is_noted_or_left_to_decide(tmp_path):
    """Over the same version `base/` is filled; over a newer one nobody knows what was there, so somebody decides."""
    pack = {STEP: "---\ntitle: By hand\n---\n"}
    told, once = update(tmp_path / "riverside", pack, OLD, "1.0.0")
    assert told == [(STEP, "title", "noted")]
    assert "Two minutes without a word" in once[f"base/{STEP}"]
    told, once = update(tmp_path / "riverside", pack, newer(OLD), "2.0.0")
    assert told == [(STEP, "title", "conflict")]


# ------------------------------------------------------------ what is guarded and new


def test_what_is_guarded_and_new_is_told_where_the_pack_changes_nothing(tmp_path):
    """An advisory, a source, a reading and a question of a debrief, each once; what went is told, too."""
    folder, statue = tmp_path / "riverside", "voices/cards/statue.md"
    _, first = update(folder, {}, OLD)
    library = newer({**OLD, "sources.yaml": OLD["sources.yaml"] + "\nnew-2026:\n  type: book\n  title: New\n"})
    library["closing/lesson.md"] = put(library["closing/lesson.md"], "advisory", "advisory: You may pass.\n")
    listed = parts.parts_of(library[statue])["readings"] + "  - {holder: Newcomers, text: We came later.}\n"
    library[statue] = put(library[statue], "readings", listed)
    library[STEP] = put(library[STEP], "Access", None).replace(
        "### What next", "### Who else\n\n- Who?\n\n### What next"
    )
    told, once = update(folder, first, library)
    assert told == [
        ("closing/lesson.md", "advisory", "arrived"),
        (STEP, "Debrief/Who else", "arrived"),
        (STEP, "Access", "left"),
        ("sources.yaml", "new-2026", "arrived"),
        (statue, "readings/Newcomers", "arrived"),
    ]
    assert update(folder, once, library) == ([], once)


def test_names_of_what_is_guarded_that_somebody_broke_are_made_anew(tmp_path):
    """Nothing is told then, and nothing is lost."""
    _, first = update(tmp_path / "riverside", {}, OLD)
    told, once = update(tmp_path / "riverside", {**first, "base/guarded.yaml": "x: ["}, OLD)
    assert (told, once) == ([], first)
