"""Packs: what lies over a library changes what it says it changes, and nothing else."""

import pytest
from pack_help import CARD, GOOD, PACK, SHEET, STATUE, STEP, changes, codes, front, laid, pack, told

from builder.library import load
from builder.packs import loading, parts
from builder.packs.classes import class_of
from builder.strict import clean

FILES = sorted(path for path in GOOD.rglob("*") if path.suffix in {".md", ".yaml"})


def texts(found, kind, key):
    """The Markdown of one thing."""
    return getattr(found.findings.library, kind)[key].body.markdown


# ------------------------------------------------------------ a file in parts


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_taken_apart_is_whole_again(path):
    """No character is lost or moved when a file is taken apart, and no part has the name of another."""
    text = clean(path.read_text(encoding="utf-8"))
    pieces = parts.taken_apart(text, listed=path.suffix == ".yaml")
    names = [piece.part for piece in pieces if piece.part]
    assert parts.whole(pieces) == text
    assert len(names) == len(set(names)) > 0


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_part_taken_out_and_put_back_leaves_all_others_alone(path):
    """Each part can go and come back; every other part stays as it was written, to the character."""
    text, listed = clean(path.read_text(encoding="utf-8")), path.suffix == ".yaml"
    written = parts.parts_of(text, listed=listed)
    for part, own in written.items():
        without = parts.with_part(text, part, None, listed=listed)
        others = {name: words for name, words in parts.parts_of(without, listed=listed).items() if name != part}
        assert others == {name: words for name, words in written.items() if name != part}
        again = parts.parts_of(parts.with_part(without, part, own, order=list(written), listed=listed), listed=listed)
        assert again.keys() == written.keys()
        assert all(parts.same(again[name], written[name]) for name in written)


def test_a_heading_inside_a_block_is_no_part():
    """What looks like a heading in a fence or a box belongs to the section around it."""
    body = "## Steps\n\n```\n## Not one\n```\n\n::: note\n## Nor this\n:::\n\n## Notes\n\nx\n"
    assert [piece.part for piece in parts.sections(body)] == ["Steps", "Notes"]


def test_a_section_of_a_debrief_brings_its_heading_along():
    """A part below another can be put into a file that has neither."""
    made = parts.with_part("---\ntitle: x\n---\n", "Debrief/What next", "### What next\n\n- Go on?\n")
    assert [part for part in parts.parts_of(made) if part.startswith("Debrief")] == ["Debrief", "Debrief/What next"]


# ------------------------------------------------------------ what an overlay changes


def test_an_empty_pack_changes_nothing(tmp_path):
    """A pack without files leaves the library as it is."""
    found = laid(tmp_path)
    plain = load(GOOD)
    assert told(found) == []
    assert changes(found) == []
    assert found.findings.library.activities == plain.activities
    assert found.findings.library.cards == plain.cards


def test_what_a_file_leaves_out_is_inherited(tmp_path):
    """One field and one section change; every other one is the library's."""
    text = front("title: Two quiet minutes", "\n## Notes\n\n- On a ward, close the door.\n")
    found = laid(tmp_path, {STEP: text})
    step, plain = found.findings.library.activities["listening/two-minutes"], load(GOOD).activities
    before = plain["listening/two-minutes"]
    assert told(found) == []
    assert changes(found) == [(STEP, "title", "changed"), (STEP, "Notes", "changed")]
    assert (step.title, step.minutes, step.variants) == ("Two quiet minutes", before.minutes, before.variants)
    old, new = (dict(parts.parts_of(f"---\n---\n{each.body.markdown}")) for each in (before, step))
    assert {part for part in old if not parts.same(old[part], new[part])} == {"Notes"}
    assert "close the door" in new["Notes"]


def test_a_map_changes_entry_by_entry(tmp_path):
    """Minutes that a pack does not name stay, and one variant can go."""
    text = front("minutes: {max: 12}\nvariants: {online: {rooms: 3}}\nremove: [variants/threes]")
    step = laid(tmp_path, {STEP: text}).findings.library.activities["listening/two-minutes"]
    assert (step.minutes.min, step.minutes.max, list(step.variants)) == (7, 12, ["online"])
    assert step.variants["online"].rooms == 3


def test_a_list_changes_by_add_and_remove(tmp_path):
    """Entries are named by what they are; what is not named stays."""
    text = front("materials:\n  add: [{item: Bell}]\n  remove: [Clock that everyone can see]")
    found = laid(tmp_path, {STEP: text})
    step = found.findings.library.activities["listening/two-minutes"]
    assert [each.item for each in step.materials] == ["Bell"]
    assert changes(found) == [
        (STEP, "materials/Bell", "added"),
        (STEP, "materials/Clock that everyone can see", "removed"),
    ]


def test_an_added_entry_takes_the_place_of_a_removed_one_of_its_name(tmp_path):
    """A reading that is worded anew keeps its letter, and counts as changed."""
    keys = """
readings:
  add: [{holder: The council, text: All were asked twice., source: town-archive-1990}]
  remove: [The council]
because: {readings: The vote was held twice.}
"""
    found = laid(tmp_path, {STATUE: front(keys)})
    card = found.findings.library.cards["statue"]
    assert told(found) == []
    assert [reading.text[:8] for reading in card.readings] == ["All were", "Few of u", "A statue"]
    assert changes(found) == [(STATUE, "readings/The council", "changed")]


def test_a_whole_list_cannot_lose_a_reading_silently(tmp_path):
    """What a list that is given whole leaves out is removed, and needs its reason like any other."""
    keys = "readings: [{holder: The council, text: The vote was open to all., source: town-archive-1990}]"
    found = laid(tmp_path, {STATUE: front(keys)})
    assert codes(found).count("no-reason") == 2


def test_an_argument_is_replaced_as_a_whole(tmp_path):
    """Words never stand under the name of somebody who did not say them."""
    found = laid(tmp_path, {STATUE: front("argument: {text: We all agree.}\nbecause: {argument: Shorter.}")})
    assert "argument: 'holder' is missing. [missing-key]" in " ".join(told(found))


def test_a_new_card_step_sheet_and_lesson_are_simply_there(tmp_path):
    """A file at a path that the library lacks is read as any other file."""
    step = (GOOD / STEP).read_text(encoding="utf-8").replace("core: true\n", "")
    lesson = (GOOD / "opening/lesson.md").read_text(encoding="utf-8").replace("phase: opening", "phase: practice")
    files = {
        "voices/cards/night-rota.md": CARD,
        "listening/activities/again.md": step.replace("Two minutes", "Two more minutes"),
        "listening/lesson.md": front("activities: {add: [again]}"),
        "listening/handouts/ward.md": (GOOD / SHEET).read_text(encoding="utf-8"),
        "wards/lesson.md": lesson.replace("[welcome]", "[welcome]"),
        "wards/activities/welcome.md": (GOOD / "opening/activities/welcome.md").read_text(encoding="utf-8"),
    }
    found = laid(tmp_path, files)
    library = found.findings.library
    assert told(found, "error") == []
    assert library.lessons["listening"].activities == ("two-minutes", "say-it-back", "again")
    assert {"night-rota"} == library.own_cards
    assert {"wards/welcome", "listening/again"} <= library.activities.keys()
    assert ("wards/lesson.md", "", "added") in changes(found)


def test_a_step_taken_out_of_its_lesson_is_gone_with_its_file(tmp_path):
    """An activity leaves by the list of its lesson, with a reason, and is missed by nobody."""
    keys = "activities: {remove: [say-it-back]}\nbecause: {activities: We have only ten minutes.}"
    found = laid(tmp_path, {"listening/lesson.md": front(keys)})
    assert told(found, "error") == []
    assert "listening/say-it-back" not in found.findings.library.activities


def test_a_sheet_takes_its_heading_from_its_new_title(tmp_path):
    """Whoever changes a sheet's title need not write it twice."""
    found = laid(tmp_path, {SHEET: front("title: Words for the ward")})
    assert told(found) == []
    assert texts(found, "sheets", "listening/say-it-back").lstrip().startswith("# Words for the ward\n")


def test_entries_of_list_files_are_parts(tmp_path):
    """A source is added freely, and changed with a reason; a glossary entry merges key by key."""
    files = {
        "sources.yaml": "ward-2026:\n  type: report\n  title: A ward\n",
        "glossary.yaml": "solidarity: {variants: [side by side]}\nbecause: {solidarity: Our word.}\n",
    }
    found = laid(tmp_path, files)
    library = found.findings.library
    assert told(found) == []
    assert library.sources["ward-2026"].title == "A ward"
    assert library.glossary["solidarity"].definition.startswith("Standing together")
    assert changes(found) == [
        ("glossary.yaml", "solidarity", "changed"),
        ("sources.yaml", "ward-2026", "added"),
    ]


def test_a_list_file_that_the_library_lacks_is_new(tmp_path):
    """A pack may bring the first table of disagreements."""
    text = """
who-speaks:
  question: Who speaks?
  positions:
    - {source: town-archive-1990, text: The council.}
    - {source: rogers-farson-1957, text: Whoever is heard.}
"""
    found = laid(tmp_path, {"disagreements.yaml": text})
    assert told(found) == []
    assert list(found.findings.library.disagreements) == ["who-speaks"]


# ------------------------------------------------------------ free, guarded, locked


@pytest.mark.parametrize("field", ["license: MIT", "authors: [Us]", "version: 9.0.0", "deck: other"])
def test_what_is_locked_cannot_be_changed(tmp_path, field):
    """Licence, authorship and version stay the library's."""
    name = field.partition(":")[0]
    found = laid(tmp_path, {"voices/lesson.md": front(field)})
    assert told(found, "error")[0].endswith(f"'{name}' cannot be changed by a pack. [locked-part]")
    assert changes(found) == []


def test_a_card_stays_as_contested_as_it_is(tmp_path):
    """No pack turns a living dispute into a settled one."""
    found = laid(tmp_path, {STATUE: front("level: 1")})
    assert codes(found) == ["locked-part"]
    assert found.findings.library.cards["statue"].level == 3


def test_something_guarded_goes_only_with_a_reason(tmp_path):
    """Without one the error says where to write it; with one the change is made and the reason kept."""
    keys = "readings: {remove: [The council]}"
    found = laid(tmp_path, {STATUE: front(keys)})
    assert told(found, "error") == [
        f"{STATUE}:2:21: 'readings/The council' is removed, and no reason is given. [no-reason]"
    ]
    assert "because: {readings/The council: …}" in found.findings.problems[-1].hint
    other = laid(tmp_path, {STATUE: front(f"{keys}\nbecause: {{readings: Asked to be left out.}}")})
    change = other.findings.library.adaptations[0].changes[0]
    assert (change.kind, change.guarded, change.reason) == ("removed", True, "Asked to be left out.")


def test_something_guarded_is_added_freely(tmp_path):
    """One more reading and an advisory where there was none need no reason."""
    reading = "readings: {add: [{holder: The mason, constructed: true, text: Stone lasts.}]}"
    found = laid(
        tmp_path, {STATUE: front(reading), "voices/cards/team-name.md": front("advisory: A name was changed.")}
    )
    assert told(found) == []
    assert len(found.findings.library.cards["statue"].readings) == 4


def test_a_debrief_is_guarded_section_by_section(tmp_path):
    """A reason at the debrief holds for each of its questions; without one, each is told."""
    body = "\n## Debrief\n\n### What next\n\n- Whom will you hear out?\n"
    assert codes(laid(tmp_path, {STEP: front("title: Quiet", body)})) == ["no-reason"]
    reasoned = laid(tmp_path, {STEP: front("because: {Debrief: Shorter weeks here.}", body)})
    assert codes(reasoned) == []
    assert "What did the silence do?" in texts(reasoned, "activities", "listening/two-minutes")


def test_a_free_text_cannot_lose_a_source_silently(tmp_path):
    """The background may be worded anew; a work that it cited goes only with a reason."""
    found = laid(tmp_path, {"listening/lesson.md": front("title: Hearing", "\nListen well.\n")})
    loss = "'lead' is replaced and loses the source 'rogers-farson-1957', and no reason is given. [no-reason]"
    assert told(found, "error") == [f"listening/lesson.md:5:1: {loss}"]
    kept = laid(tmp_path, {"listening/lesson.md": front("title: Hearing", "\nListen well [@rogers-farson-1957].\n")})
    assert told(kept) == []


def test_a_reason_for_nothing_is_pointed_out(tmp_path):
    """A reason that no change uses is a warning that names what did change."""
    found = laid(tmp_path, {STEP: front("title: Quiet\nbecause: {titel: Better.}")})
    assert told(found) == [f"{STEP}:3:11: because: nothing here changes 'titel'. [reason-unneeded]"]
    assert found.findings.problems[0].hint == "Did you mean 'title'?"


def test_limits_of_confidentiality_are_guarded():
    """The line that some people have a duty to act stays, wherever a sheet has it."""
    assert class_of("sheets", "The limits of confidentiality") == "guarded"
    assert class_of("sheets", "Ways to take part") == "free"


@pytest.mark.parametrize(
    ("reason", "what"),
    [
        ("Jo Marsh asked us to leave it out, by Ana Pereira.", "a person's name"),
        ("Write to jo@example.org.", "an address"),
        ("Our lawyers say that it is unlawful.", "legal advice"),
    ],
)
def test_a_reason_in_print_is_looked_through(tmp_path, reason, what):
    """What looks like a name, an address or legal advice in a printed reason is a warning."""
    found = laid(tmp_path, {STEP: front(f"title: Quiet\nbecause: {{title: {reason!r}}}")})
    assert [problem.severity for problem in found.findings.problems] == ["warning"]
    assert what in told(found)[0]


def test_a_plain_reason_is_let_alone(tmp_path):
    """Institutions and ordinary words are no names."""
    reason = "Agreed with the Works Council of Riverside Trust; nights are short."
    assert told(laid(tmp_path, {STEP: front(f"title: Quiet\nbecause: {{title: {reason}}}")})) == []


def test_a_card_with_fewer_than_three_readings_is_one_sided(tmp_path):
    """The library is still used; the load warns, and the card says it of itself."""
    keys = "readings: {remove: [The council, People who stayed away]}\nbecause: {readings: Not here.}"
    found = laid(tmp_path, {STATUE: front(keys)})
    assert [(problem.code, problem.severity) for problem in found.findings.problems] == [("one-sided", "warning")]
    assert found.findings.library.cards["statue"].one_sided


# ------------------------------------------------------------ places, origins, several packs


def test_problems_in_text_stand_where_the_pack_has_them(tmp_path):
    """A text put together from two files names the file and line of each of its problems."""
    from builder import checker

    body = "\n## Notes\n\n- The {{organization}} is not known.\n"
    folder = pack(tmp_path / "riverside", {STEP: front("title: Quiet", body)})
    found = checker.judge(folder, GOOD, checker.day_of("2026-12-01"))
    assert [str(problem).rpartition("/riverside/")[2] for problem in found if problem.severity == "error"] == [
        f"{STEP}:7:7: '{{{{organization}}}}' is not known. [unknown-placeholder]"
    ]


def test_problems_in_front_matter_stand_where_the_pack_has_them(tmp_path):
    """A value of the pack is judged at its line and column, one inherited at the library's."""
    found = laid(tmp_path, {STEP: front("grouping: alone\nminuts: {min: 3}")})
    assert told(found)[0].startswith(f"{STEP}:2:11: grouping: 'alone' is not known here.")
    assert told(found)[1].startswith(f"{STEP}:3:1: 'minuts' is not a key of an activity.")


def test_the_last_pack_wins(tmp_path):
    """Packs lie one over the other; each keeps its own changes, and the origin of each part is known."""
    from builder.packs.origins import origins

    lower = pack(tmp_path / "riverside", {STEP: front("title: Below\nrooms: 2")})
    upper = pack(tmp_path / "upper", {STEP: front("title: Above")})
    (upper / "pack.yaml").write_text(PACK.replace("riverside", "upper"), encoding="utf-8")
    found = loading.laid_over(GOOD, [lower, upper])
    assert found.findings.library.activities["listening/two-minutes"].title == "Above"
    assert [each.pack.name for each in found.findings.library.adaptations] == ["riverside", "upper"]
    rows = dict(origins(GOOD, [lower, upper], "listening")[STEP])
    assert (rows["title"], rows["rooms"], rows["debrief"]) == ("upper", "riverside", "library")


def test_a_pack_may_lie_over_what_another_brought(tmp_path):
    """A card of one pack is changed by the next, and stays a card of the first."""
    lower = pack(tmp_path / "riverside", {"voices/cards/night-rota.md": CARD})
    upper = pack(tmp_path / "upper", {"voices/cards/night-rota.md": front("title: The day rota")})
    (upper / "pack.yaml").write_text(PACK.replace("riverside", "upper"), encoding="utf-8")
    found = loading.laid_over(GOOD, [lower, upper])
    assert codes(found) == []
    assert found.findings.library.cards["night-rota"].title == "The day rota"
    assert changes(found, 1) == [("voices/cards/night-rota.md", "title", "changed")]


def test_two_packs_of_one_name_are_refused(tmp_path):
    """Origins, limits and statements are told apart by the packs' names."""
    lower, upper = pack(tmp_path / "riverside"), pack(tmp_path / "upper")
    assert codes(loading.laid_over(GOOD, [lower, upper])) == ["pack-twice"]


def test_what_was_to_be_removed_and_is_gone_is_no_error(tmp_path):
    """A library that dropped a section itself does not make a pack unusable; a misspelt name does."""
    base = {f"base/{STEP}": front("rooms: 1", "\n## Colour\n\nRed.\n\n## Online\n\nRooms of two.\n")}
    found = laid(tmp_path, {**base, STEP: front("remove: [Colour, Onlin]")})
    assert [(problem.code, problem.severity) for problem in found.findings.problems] == [
        ("unknown-part", "warning"),
        ("unknown-part", "error"),
    ]
    assert found.findings.problems[1].hint == "Did you mean 'Online'?"


def test_an_overlay_of_nothing_says_so(tmp_path):
    """A file that is meant to change another one, which is not there, is no new file."""
    found = laid(tmp_path, {"listening/activities/two-minuts.md": front("title: x\nremove: [Online]")})
    assert told(found)[0].endswith("lies over a file that the library does not have. [no-parent]")
    assert "Did you mean 'listening/activities/two-minutes.md'?" in found.findings.problems[0].hint


def test_base_is_compared_with_the_library_of_today(tmp_path):
    """A part of which base/ keeps nothing, and one that the library changed since, are told by check."""
    from builder.packs.judging import judged

    files = {
        STEP: front("title: Quiet\nrooms: 3", "\n## Notes\n\nNew.\n"),
        f"base/{STEP}": front("title: Two minutes without a word\nrooms: 2"),
        "base/listening/lesson.md": front("version: 0.9.0"),
    }
    found = laid(tmp_path, files)
    told_now = [(problem.code, problem.line) for problem in judged(found, GOOD)]
    assert told_now == [("parent-changed", 3), ("no-base", 6)]
    assert found.findings.library.adaptations[0].versions == {"listening": "0.9.0"}


def test_a_removed_entry_that_is_gone_is_a_warning_and_an_unclear_one_an_error(tmp_path):
    """An entry that base/ still knows was removed by the library itself; one that fits twice must be said in full."""
    base = {f"base/{STATUE}": front("readings: [{holder: The mason, constructed: true, text: Stone lasts.}]")}
    keys = "readings: {remove: [The mason]}\nfacts: {remove: [{a: b}]}"
    found = laid(tmp_path, {**base, STATUE: front(keys)})
    assert [(problem.code, problem.severity) for problem in found.findings.problems] == [
        ("unknown-entry", "warning"),
        ("unknown-entry", "error"),
    ]


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ("remove: Online", "not-a-list"),
        ("remove: [{a: b}]", "not-text"),
        ("because: [x]", "not-a-map"),
        ("materials: {put: [x]}", "unknown-key"),
        ("materials: {add: x}", "not-a-list"),
        ("materials: {add: [{item: Clock that everyone can see, per: person}]}", "entry-exists"),
        ("title: x\nbecause: {title: " + "very " * 100 + "long}", "too-long-text"),
    ],
)
def test_an_overlay_that_is_written_wrongly_is_told(tmp_path, keys, code):
    """Each way to write a change wrongly has its own error, at its place."""
    found = laid(tmp_path, {STEP: front(keys)})
    assert code in codes(found)
    assert all(line.startswith(f"{STEP}:") for line in told(found, "error"))


def test_an_empty_section_is_no_way_to_remove_one(tmp_path):
    """A heading with nothing below it says how a section is taken away."""
    found = laid(tmp_path, {STEP: front("title: x", "\n## Notes\n\n## Access\n\nFine.\n")})
    assert codes(found) == ["empty-section", "no-reason"]
    assert "remove: [Notes]" in found.findings.problems[0].hint
