"""A pack and a brief: defaults below every answer, limits above all of them, contacts and packs that are not lost."""

import datetime
import io
import json

import pytest
from docx import Document
from pack_help import CARD, GOOD, SHEET, STATUE, STEP, front, pack

from builder import kit, planner, questions
from builder.packs.loading import laid_over
from builder.problems import InputError
from builder.questions import cases, so_far
from builder.questions.shape import SoFar

DAY = datetime.date(2026, 12, 1)


def library(tmp_path, more="", files=None):
    """The good library under one pack."""
    found = laid_over(GOOD, [pack(tmp_path / "riverside", files, more)]).findings
    assert [str(problem) for problem in found.problems if problem.severity == "error"] == []
    return found.library


def brief(found, **answers):
    """A brief for a library."""
    return questions.parse({"title": "T", "minutes": 60, "focus": ["listening"], **answers}, found)


def refusals(found, **answers):
    """Why a brief is refused."""
    with pytest.raises(InputError) as refused:
        brief(found, **answers)
    return [(problem.code, problem.message) for problem in refused.value.problems]


def text_of(content):
    """All text of a Word file."""
    return "\n".join("".join(t.text or "" for t in p.iter()) for p in Document(io.BytesIO(content)).element.body.iter())


# ------------------------------------------------------------ defaults


def test_an_answer_beats_a_default_of_the_pack(tmp_path):
    """What the brief says wins; what nobody says comes from the pack, then from the program."""
    found = library(tmp_path, "defaults: {participants: 24, buffer_percent: 12}\n")
    made = brief(found, participants=10)
    assert (made.participants, made.participants_most, made.buffer_percent, made.facilitators) == (10, 10, 12, 1)
    assert made.organisation == "Riverside Trust"
    assert brief(found, organisation="Ours").organisation == "Ours"


def test_set_beats_the_brief_and_the_brief_beats_the_pack(tmp_path):
    """The order of answers is: --set, the brief, the pack, the program."""
    found = library(tmp_path, "defaults: {participants: 24, facilitators: 2, break_minutes: 7}\n")
    said = questions.layered(questions.settings(["participants=9"]), {"participants": 12, "facilitators": 3})
    made = questions.parse(questions.layered(said, {"title": "T", "minutes": 60}), found)
    assert (made.participants, made.facilitators, made.break_minutes) == (9, 3, 7)


def test_answering_with_defaults_takes_those_of_the_pack(tmp_path):
    """`--defaults` asks nothing, and the pack answers before the program does."""
    found = library(tmp_path, "defaults: {minutes: 75, participants: 24}\n")
    made = questions.parse(questions.layered({}, questions.defaults(found)), found)
    assert (made.minutes, made.participants) == (75, 24)


def test_a_question_offers_the_default_of_the_pack(tmp_path):
    """In the terminal the pack's answer is offered, and still asked."""
    found = library(tmp_path, "defaults: {participants: 24}\n")
    so = so_far(found, {})
    asked = next(question for question in questions.QUESTIONS if question.keys[0] == "participants")
    assert asked.is_open(so)
    assert str(asked.typed(so)).startswith("24")


# ------------------------------------------------------------ limits


@pytest.mark.parametrize(
    ("limits", "answers", "message"),
    [
        (
            "max_level: 1",
            {"max_level": 2},
            "max_level: '2' goes beyond the pack 'riverside', which allows level 1 at most.",
        ),
        ("most_minutes: 45", {}, "minutes: '60' goes beyond the pack 'riverside', which allows 45 minutes at most."),
        ("least_minutes: 90", {}, "minutes: '60' goes beyond the pack 'riverside', which allows 90 minutes or more."),
        (
            "most_participants: 12",
            {"participants": 10, "participants_most": 13},
            "participants_most: '13' goes beyond the pack 'riverside', which allows 12 people at most.",
        ),
        (
            "modes: [in-person]",
            {"mode": "online"},
            "mode: 'online' goes beyond the pack 'riverside', which allows in-person.",
        ),
        (
            "attendance: [voluntary]",
            {"attendance": "required"},
            "attendance: 'required' goes beyond the pack 'riverside', which allows voluntary.",
        ),
    ],
)
def test_a_limit_beats_the_brief(tmp_path, limits, answers, message):
    """A brief beyond a limit is refused, and the message names the pack and what it allows."""
    assert refusals(library(tmp_path, f"limits: {{{limits}}}\n"), **answers) == [("pack-limit", message)]


def test_a_limit_is_no_hindrance_before_it_is_reached(tmp_path):
    """Questions begin although nobody has said the minutes yet; only an answer beyond a limit is refused."""
    found = library(tmp_path, "limits: {most_minutes: 60, modes: [online]}\n")
    assert so_far(found, {"title": "T"}).answers == {"title": "T"}
    with pytest.raises(InputError):
        so_far(found, {"minutes": 90})
    assert brief(found, mode="online").mode == "online"


def test_a_case_beyond_the_limit_is_shown_and_closed(tmp_path):
    """Cases of the pack come first, and one that the limit rules out cannot be picked and says why."""
    found = library(tmp_path, "limits: {max_level: 1}\n", {"voices/cards/night-rota.md": CARD})
    cards = cases.cases_of("voice", found)
    assert cards[0].id == "night-rota"
    so = SoFar(found, {}, brief(found))
    closed = {card.id: cases.offer(card, so).closed for card in cards}
    assert closed["statue"] == "the pack 'riverside' allows level 1 at most."
    assert closed["night-rota"] == ""


# ------------------------------------------------------------ contacts and packs


CONTACTS = "contacts: [{role: Equity adviser, reach: extension 204, verified_on: 2026-10-01}]\n"


def test_a_required_contact_is_always_there(tmp_path):
    """Where the brief names nobody in that role, the pack's own contact stands in; where it does, the brief wins."""
    found = library(tmp_path, CONTACTS)
    assert [(c.name, c.role, c.reach) for c in brief(found).contacts] == [
        ("Equity adviser", "Riverside Trust", "extension 204")
    ]
    ana = {"name": "Ana", "role": "equity ADVISER", "reach": "x"}
    assert [contact.name for contact in brief(found, contacts=[ana]).contacts] == ["Ana"]


def test_a_brief_written_with_a_pack_gives_the_same_brief_again(tmp_path):
    """workshop.yaml names the packs and the contacts, and reading it again adds nothing."""
    from builder.strict import read_yaml

    found = library(tmp_path, CONTACTS)
    made = brief(found)
    written = questions.write(made)
    assert "packs:\n  - riverside\n" in written
    assert questions.parse(read_yaml(written, "workshop.yaml")[0], found) == made


def test_a_contact_of_the_pack_is_taken_anew(tmp_path):
    """A brief written last year does not print last year's extension of a contact that the pack gave it."""
    before = brief(library(tmp_path, CONTACTS)).contacts
    other = library(tmp_path / "later", CONTACTS.replace("extension 204", "extension 7"))
    kept = [contact.model_dump(mode="json", exclude_none=True) for contact in before]
    assert [contact.reach for contact in brief(other, contacts=kept).contacts] == ["extension 7"]


def test_a_brief_is_refused_without_its_pack(tmp_path):
    """A replay that forgot --pack would lose limits and contacts: it says so, and how to go on."""
    from builder.library import load

    found = refusals(load(GOOD), packs=["riverside"])
    assert found == [("missing-pack", "packs: this brief was made with the pack 'riverside', which is not in use.")]
    assert brief(library(tmp_path), packs=[]).packs == ("riverside",)


def test_a_contact_nobody_checked_for_a_year_is_a_warning(tmp_path):
    """Unverified and expired contacts are told before anything is printed."""
    checked = {"B": "2025-11-30", "C": "2025-12-01"}
    rows = [f"  - {{role: {role}, reach: x, verified_on: {day}}}\n" for role, day in checked.items()]
    stale = "contacts:\n  - {role: A, reach: x}\n" + "".join(rows)
    told = [(p.code, p.message) for p in kit.left_open(brief(library(tmp_path, stale), date="2026-12-01"))]
    assert [code for code, _ in told] == ["unverified-contact", "expired-contact"]
    assert "'B' was last verified on 2025-11-30" in told[1][1]


# ------------------------------------------------------------ the papers


FILES = {
    STEP: front(
        "title: Quiet\nmaterials: {remove: [Clock that everyone can see]}\nbecause: {Debrief: Shorter weeks here.}",
        "\n## Debrief\n\n### What next\n\n- Whom will you hear out?\n",
    ),
    SHEET: front("title: Words for the ward\nremove: [Notes for me]\nbecause: {Notes for me: We keep no notes.}"),
}


@pytest.fixture
def made(tmp_path):
    """The kit of one lesson under a pack that changes a step and a sheet."""
    notes = "jurisdiction_notes: [{region: Ireland, text: Some roles must report., verified_on: 2026-10-01}]\n"
    found = library(tmp_path, CONTACTS + notes, {**FILES, "base/listening/lesson.md": front("version: 0.9.0")})
    return kit.make(planner.plan(found, brief(found, date="2026-12-01")), found)


def test_the_guide_says_who_adapted_what_from_which_version_and_why(made):
    """The last block names organisation, pack, its date, versions, changes, removals and reasons."""
    guide = text_of(made.files["facilitator-guide.docx"])
    assert (
        "Adapted by Riverside Trust (pack “riverside” 1.2.0, 2026-11-20), from “Listening before answering” 0.9.0. "
        "Words of the adaptation: Equity team of Riverside Trust." in guide
    )
    assert "Changed: in the step “Quiet”: title, “What next” in the debrief (because: Shorter weeks here)" in guide
    assert "Removed: in the step “Quiet”: the material “Clock that everyone can see”; in the sheet" in guide
    assert "sentences of lessons were changed as said here" in guide
    assert "Ireland: Some roles must report. (checked 2026-10-01; Riverside Trust)" in guide


def test_participants_read_it_in_short(made):
    """Their last block says who adapted and what was removed and why; licence and authors stay."""
    sheets = text_of(made.files["handouts-each-person.docx"])
    assert "1 part changed or added; removed: in the sheet “Words for the ward”: “Notes for me”" in sheets
    assert "“Notes for me” (because: We keep no notes)." in sheets
    assert "Adapted by Riverside Trust (pack “riverside” 1.2.0, 2026-11-20)" in sheets
    assert "“Listening before answering” 1.0.0: Tests, CC-BY-4.0" in sheets


def test_the_record_names_packs_with_versions(made, tmp_path):
    """kit.json says which pack, which version, and the fingerprint of what it said."""
    (fact,) = made.facts["packs"]
    assert (fact["name"], fact["version"], len(fact["fingerprint"])) == ("riverside", "1.2.0", 64)
    json.dumps(made.facts)


def test_a_fingerprint_changes_with_words_and_not_with_approvals(tmp_path):
    """A date of approval leaves it; a word does not."""
    from builder.packs.layers import read_layer

    one = read_layer(pack(tmp_path / "a", FILES)).fingerprint
    approved = read_layer(pack(tmp_path / "b", FILES, "approvers: [{role: Head of people, date: 2026-11-21}]\n"))
    other = read_layer(pack(tmp_path / "c", {**FILES, STEP: FILES[STEP].replace("hear out", "hear")}))
    assert one == approved.fingerprint != other.fingerprint


def test_papers_of_a_library_without_packs_say_nothing_of_packs(library, kit_of):
    """Without a pack the statement is the one that was always there."""
    guide = text_of(kit_of("workplace-practice").files["facilitator-guide.docx"])
    assert "no sentence of a lesson was changed" in guide
    assert "Adapted by" not in guide


def test_a_one_sided_case_says_so_on_paper(tmp_path):
    """The sheet, the guide and the warnings say how many readings are left."""
    keys = "readings: {remove: [People who stayed away]}\nbecause: {readings: Held elsewhere.}"
    found = library(tmp_path, "", {STATUE: front(keys)})
    card = found.cards["statue"]
    sheet = kit_sheet(found, card)
    assert "One-sided: 2 of the 3 or more readings that such a case needs." in sheet
    assert found.adapted_cards == {"statue"}


def kit_sheet(found, card):
    """The text of a case's sheet."""
    from builder.blocks import Paragraph
    from builder.kit.cases import case_sheet
    from builder.kit.texts import Texts

    blocks = case_sheet(card, Texts(found), "Riverside Trust")
    return "\n".join("".join(run.text for run in block.runs) for block in blocks if isinstance(block, Paragraph))
