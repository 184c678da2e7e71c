"""The print list, complete without another program; and the two papers around the day, which name nobody."""

import io
import re

import docx
import pytest

from builder import kit, planner
from builder.kit import printrun
from builder.kit.around import once_each
from builder.kit.printrun import Count, FileRun
from builder.kit.sheets import Handout
from builder.library import shipped

EXAMPLES = ("ninety-minutes", "linehan", "encampments", "workplace-practice")


def tables(content):
    """Each table of a Word file as rows of cell texts."""
    document = docx.Document(io.BytesIO(content))
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]


def listed(made):
    """The print list's tables: files, sheets, what to pack."""
    files, sheets, packed = tables(made.files["print-and-pack.docx"])[-3:]
    return {row[1]: row for row in files[1:]}, {row[1]: row for row in sheets[1:]}, {row[1]: row for row in packed[1:]}


def a_sheet(letter="A", **facts):
    """A sheet for each person, 20 copies, one side."""
    shared = {"key": "x/y", "title": "T", "per": "person", "copies": 20, "sides": 1, "why": "sheet", "expected": 18}
    return Handout(letter, **{**shared, **facts})


def printed(kit_of, words_of, name, paper, **changes):
    """All words of a paper of an example, as one text."""
    return " ".join(" ".join(words_of(kit_of(name, **changes).files[paper])).split())


# ------------------------------------------------------------ the print list


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_print_list_has_every_file_with_a_box_to_tick(kit_of, name):
    """Each paper of the kit in each edition is in the list once, and each line of its tables begins with a box."""
    made = kit_of(name, editions=["standard", "large-print", "html"], large_print=3)
    assert set(listed(made)[0]) == {paper for paper in made.files if paper.endswith((".docx", ".html"))}
    assert {row[0] for table in listed(made) for row in table.values()} == {"☐"}


def test_copies_are_told_for_those_expected_for_the_most_and_with_spares(kit_of):
    """Eighteen expected and twenty at most: twenty and two spare are printed, for groups six; for the room one."""
    files, sheets, _ = listed(kit_of("ninety-minutes"))
    assert sheets["A"][4:8] == ["18", "20", "2", "22"]
    assert sheets["C"][4:8] == ["5", "5", "1", "6"]
    assert [row[4:8] for row in sheets.values() if row[3] == "room"] == [["1", "1", "–", "1"]] * 2
    assert files["handouts-each-person.docx"][3] == "22"


def test_materials_are_told_for_those_expected_and_for_the_most(kit_of):
    """Pens are counted twice: for the people expected, and for the most that may come."""
    assert listed(kit_of("ninety-minutes"))[2]["Pen"][2:] == ["18", "20", "1 for each person"]


def test_sheets_with_different_copies_say_how_to_print_one_alone(kit_of, words_of):
    """Where a file's sheets need different numbers, the list gives the section of each for Word's print window."""
    words = printed(kit_of, words_of, "linehan", "print-and-pack.docx")
    assert re.search(
        r"handouts-room.docx: sheet D is s1, sheet [A-Z] is s2, sheet [A-Z] is s3, sheet [A-Z] is s4\.", words
    )


def test_a_text_on_two_sides_is_printed_double_sided_and_cards_to_cut_never_are():
    """One sheet with a back makes its file double-sided; cards that are cut up would spoil each other's backs."""
    plain, long, cards = a_sheet(), a_sheet("B", sides=2), a_sheet("C", sides=2, cut=True)
    assert not printrun.of_sheets("x.docx", [plain]).both_sides
    assert not printrun.of_sheets("x.docx", [plain, cards]).both_sides
    mixed = printrun.of_sheets("x.docx", [plain, long, cards])
    assert (mixed.both_sides, mixed.apart) == (True, ("C",))


def test_paper_is_counted_sheet_by_sheet():
    """Two pages on both sides are one leaf; cards to cut are one leaf a page; no leaf is shared by two sheets."""
    run = FileRun("x.docx", None, both_sides=True, sheets={"A": 22, "B": 6, "C": 6}, apart=("C",))
    assert run.paper(Count("", 5, {"A": 1, "B": 2, "C": 2})) == 22 + 6 + 12
    assert run.paper(None) is None
    assert FileRun("g.docx", 2, both_sides=True).paper(Count("", 29)) == 30
    assert FileRun("a.docx", 1, both_sides=False).paper(Count("", 2)) == 2


def test_cutting_takes_the_stated_seconds_for_each_piece():
    """Six spare-counted copies of ten cards are sixty pieces: ten minutes at ten seconds each."""
    group = a_sheet(per="group", copies=5, cut=True)
    (found,) = printrun.to_cut([group, a_sheet("B")], {"A": 10})
    assert (found["copies"], found["pieces"], found["minutes"]) == (6, 10, 10)


def test_cards_and_slips_are_printed_on_one_side_and_cut_in_stated_minutes(library, example, words_of):
    """Twenty group cards and six slips, two badges, two cards to fold: one copy each, with the minutes they take."""
    plan = planner.plan(library, example("ninety-minutes"))
    made = kit.make(plan, library, names=("Ada Lovelace", "Bo Ek"))
    files = listed(made)[0]
    for name in ("group-cards.docx", "badges.docx", "table-cards.docx"):
        assert files[name][3:5] == ["1", "no"]
    words = " ".join(words_of(made.files["print-and-pack.docx"]))
    assert "6 slips for latecomers, along the dashed lines; about 5 minutes" in words
    assert "badges.docx: the badges, along the dashed lines; about 1 minute" in words
    assert "the name outside; about 1 minute" in words
    assert "The cards, cut out, folded and in order" in listed(made)[2]


def test_sheets_in_large_print_are_cut_too(kit_of, words_of):
    """Cards to cut in large print stand in the list with their copies and minutes, beside the standard ones."""
    words = printed(kit_of, words_of, "ninety-minutes", "print-and-pack.docx", large_print=3)
    assert re.search(r"Sheet [A-Z] in large print: 22 copies, a card below another; about \d+ minute", words)


def test_counted_pages_stand_in_the_list_as_long_as_the_file_is_the_counted_one(library, example):
    """A count is printed with the paper it comes to; after a change of the file the cells are empty again."""
    plan = planner.plan(library, example("ninety-minutes"))
    first = kit.make(plan, library)
    import hashlib

    counts = {
        name: Count(hashlib.sha256(content).hexdigest(), 3)
        for name, content in first.files.items()
        if name in {"facilitator-guide.docx", "agenda.docx"}
    }
    counts["agenda.docx"] = Count("another", 3)
    again = kit.make(plan, library, kit.Former(counts=counts))
    files = listed(again)[0]
    assert files["facilitator-guide.docx"][5:] == ["3", "2"]
    assert files["agenda.docx"][5:] == ["", ""]
    assert list(again.facts["pages"]) == ["facilitator-guide.docx"]


def test_the_list_names_the_edited_file_unless_it_is_for_another_clock(library, example, words_of):
    """An edited guide of this plan is the one to print; one of another plan is not, and the list says why."""
    plan = planner.plan(library, example("ninety-minutes"))
    code = kit.plan_code(plan)
    kept = {"agenda.docx": ("agenda.new.docx", code), "day-card.docx": ("day-card.new.docx", "OTHER")}
    made = kit.make(plan, library, kit.Former(kept=kept))
    files = listed(made)[0]
    assert "agenda.docx" in files
    assert "day-card.new.docx" in files
    words = " ".join(words_of(made.files["print-and-pack.docx"]))
    assert "agenda.docx is the edited one: print it." in words
    assert "day-card.docx was edited for another clock than this plan: print day-card.new.docx" in words


def test_online_the_sheets_are_sent_and_nothing_is_cut(kit_of):
    """Nobody online gets paper: the sheets are to send, without spares, and there is no part on cutting."""
    made = kit_of("encampments", editions=["standard", "large-print"], large_print=2)
    files, sheets, packed = listed(made)
    assert not any(run["apart"] for run in made.facts["print_run"].values())
    assert {row[3] for name, row in files.items() if name.startswith("handouts")} == {"to send"}
    assert {row[6] for row in sheets.values()} == {"send"}
    assert not any("printed sheets" in item for item in packed)
    assert "Cut" not in [p.text for p in docx.Document(io.BytesIO(made.files["print-and-pack.docx"])).paragraphs]


def test_what_a_damaged_record_says_of_printing_is_left_out():
    """Numbers that are no numbers, and runs without their parts, are as if nobody had written them."""
    assert printrun.counts_from({"pages": {"a": {"sha256": 1}, "b": 7}}) == {}
    assert printrun.counts_from({"pages": [1]}) == {}
    assert printrun.from_facts({"print_run": {"a": {"copies": "x"}, "b": None}}) == ()
    run = FileRun("x.docx", None, both_sides=True, sheets={"A": 22}, apart=("A",))
    assert printrun.from_facts({"print_run": printrun.as_facts([run])}) == (run,)


# ------------------------------------------------------------ the invitation


def test_a_voluntary_invitation_leaves_the_choice_and_a_required_one_does_not(kit_of, words_of):
    """Where attendance is required the invitation says so, and that nobody has to speak."""
    free = printed(kit_of, words_of, "ninety-minutes", "invitation.docx")
    bound = printed(kit_of, words_of, "workplace-practice", "invitation.docx")
    assert "No. It is your choice. Staying away, passing, leaving early" in free
    assert "Agreement is not: nobody has to take a view, and none is the view of Riverside Trust." in bound
    assert (
        "If you object for reasons of conscience or belief, or need to be excused, tell Jo Marsh beforehand." in bound
    )
    assert all("has no effect on your pay, your appraisal or your place here" in words for words in (free, bound))
    assert "Managers will be there" in bound
    assert "Managers will be there" not in free


def test_a_contested_case_is_announced_with_the_other_table(kit_of, words_of, library):
    """The advisory stands word for word, with a private way to the table with the made-up case."""
    words = printed(kit_of, words_of, "linehan", "invitation.docx")
    assert " ".join(library.cards["linehan"].advisory.split()) in words
    assert "A second group works on a made-up case" in words
    assert "Some people are asked to be there in any case, so being there says nothing about you." in words
    plain = printed(kit_of, words_of, "workplace-practice", "invitation.docx")
    assert "A second group" not in plain
    assert "You can leave out a part." in plain


def test_the_invitation_names_a_contested_case_and_no_other(kit_of, words_of, library):
    """People choose by what they are told: a contested case stands there by its title, a made-up one does not."""
    assert "The case is “The Linehan example”." in printed(kit_of, words_of, "linehan", "invitation.docx")
    made_up = library.cards["staff-network-split"].title
    assert made_up not in printed(kit_of, words_of, "workplace-practice", "invitation.docx")


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_said_of_recording_can_be_kept(kit_of, words_of, name):
    """Nobody promises what a call system decides, and whoever needs a recording is not refused."""
    words = printed(kit_of, words_of, name, "invitation.docx")
    assert "If you need a recording or notes to take part, tell Jo Marsh: we will find a way." in words
    assert ("The call system may still keep the chat" in words) == (name == "encampments")
    assert "Nothing is recorded" not in words


def test_online_no_paper_around_the_day_speaks_of_a_room(kit_of, words_of):
    """Page one, the day card, the invitation and the page for afterwards know no door, table or chair on a call."""
    files = kit_of("encampments").files
    texts = [
        printed(kit_of, words_of, "encampments", f"{name}.docx") for name in ("invitation", "afterwards", "day-card")
    ]
    texts += [" ".join(" ".join(row) for row in tables(files["facilitator-guide.docx"])[1])]
    for text in texts:
        ours = re.sub(r"Refers to the war.*?without a reason\.", "", text)
        assert not re.search(r"\b(door|doors|tables?|chairs?|in the room|seat)\b", ours), ours


def test_arrangements_are_told_and_wishes_are_asked_for_by_a_day(kit_of, words_of):
    """The invitation says what is arranged already, and asks for more a week before, without a reason."""
    words = printed(kit_of, words_of, "encampments", "invitation.docx")
    assert "Already arranged: live captions." in words
    assert "by Tuesday 1 December 2026 if you can" in words
    assert "You do not have to say why." in words
    assert "Captions are not saved." in words


def test_online_the_invitation_has_a_line_for_the_link(kit_of, words_of):
    """Online there is a link instead of a place, and papers come as files; in a room neither is so."""
    online = printed(kit_of, words_of, "encampments", "invitation.docx")
    room = printed(kit_of, words_of, "ninety-minutes", "invitation.docx")
    assert "Link to the call" in online
    assert "Where" in room
    assert "Link" not in room
    assert "come to you as files by Sunday 6 December 2026" in online


def test_papers_asked_for_ahead_are_promised(kit_of, words_of):
    """With papers sent ahead among the arrangements, the invitation says by which day."""
    words = printed(kit_of, words_of, "ninety-minutes", "invitation.docx", access=["material-ahead"])
    assert "The papers come to you by Tuesday 24 November 2026, and there are copies in the room." in words


def test_what_a_brief_does_not_say_becomes_labelled_lines(library, example, words_of):
    """Without a date and contacts there are lines to fill by hand for both, and for the day to answer by."""
    brief = example("ninety-minutes").model_copy(update={"contacts": (), "date": None, "organisation": None})
    files = kit.make(planner.plan(library, brief), library).files
    words = " ".join(words_of(files["invitation.docx"]))
    for label in (
        "Date",
        "Where",
        "Please say so by",
        "Whom to ask, in private",
        "How to reach them",
        "Somebody independent of them",
    ):
        assert label in words
    assert "You are invited to a workshop" in words
    assert "Date" in " ".join(words_of(files["afterwards.docx"]))


def test_sentences_that_advisories_share_are_said_once():
    """Word for word, but what several of them end with stands once after them."""
    shared = "You may pass."
    assert once_each([f"About money. {shared}", f"About rest. {shared}", "Alone."]) == (
        ["About money.", "About rest.", "Alone."],
        [shared],
    )


def test_endings_with_like_ways_out_become_one_that_offers_them_all():
    """No way out is lost; one that says "this" stays with its case."""
    case = "A case. You may skip this case or swap tables, without a reason."
    one, other = (
        "You may pass, skip a step or step out, without a reason.",
        "You may pass, swap or step out, without a reason.",
    )
    assert once_each([f"Pay. {one}", f"Rest. {one}", f"Two stories. {other}", case]) == (
        ["Pay.", "Rest.", "Two stories.", case],
        ["You may pass, skip a step, swap or step out, without a reason."],
    )
    assert once_each([f"Pay. {one}", case]) == ([f"Pay. {one}", case], [])


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_invitation_reads_easily(kit_of, name):
    """Our own sentences in it are of grade 8 at most, by the formula of Flesch and Kincaid."""
    document = docx.Document(io.BytesIO(kit_of(name).files["invitation.docx"]))
    text = [p.text for p in document.paragraphs if not p.style.name.startswith(("Heading", "List"))]
    sentences = [s for line in text for s in re.split(r"[.:;?!]", line) if len(s.split()) > 2]
    words = [word for s in sentences for word in re.findall(r"[A-Za-z’']+", s)]
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"(?<!l)es?$", "", word.lower())))) for word in words)
    assert 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59 <= 8


# ------------------------------------------------------------ afterwards


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_page_for_afterwards_has_a_row_for_each_step_and_no_name(kit_of, library, example, name):
    """Planned minutes of every step and break, an empty cell beside each, and no contact's name anywhere."""
    plan = planner.plan(library, example(name))
    found = tables(kit_of(name).files["afterwards.docx"])
    minutes = next(table for table in found if table[0] == ["Clock", "Step", "Planned", "Actual"])
    slots = [slot for slot in plan.agenda.slots if slot.kind in {"activity", "break"}]
    assert minutes[1:] == [[plan.brief.clock(s.start), s.title, str(s.minutes), ""] for s in slots]
    template = (shipped("handouts") / "afterwards.md.j2").read_text(encoding="utf-8")
    assert "contact" not in template


def test_the_page_for_afterwards_says_that_nobody_is_named(kit_of, words_of):
    """It asks for head-counts, minutes and ideas, for roles instead of names, and for the cards to be destroyed."""
    words = printed(kit_of, words_of, "linehan", "afterwards.docx")
    assert "No names of participants on this page" in words
    assert "Who, by role" in words
    assert "Then destroy the cards." in words
