"""The two packs in `examples/packs`: without a fault, planned and printed, with each thing that a pack can do."""

import datetime
import io
import re
from functools import cache
from pathlib import Path

import pytest
from docx import Document

from builder import checker, kit, planner, questions
from builder.library import load, shipped
from builder.packs import loading
from builder.packs.option import letterhead_of
from builder.problems import InputError

ROOT = Path(__file__).parent.parent
PACKS = ROOT / "examples" / "packs"
NAMES = ("hospital", "council")
DAY = datetime.date(2026, 12, 8)
ASKED = {"title": "Tuesday", "date": "2026-12-08", "minutes": 90, "run_before": True}
ONLINE = {"mode": "online", "focus": ["power-dynamics", "commitments"], "cards": {}}


@cache
def library_of(name):
    """The lessons under one of the packs."""
    return loading.load(shipped("modules"), [PACKS / name])[0]


@cache
def kit_of(name, *, online=False):
    """The papers of ninety minutes with a pack's own answers."""
    library = library_of(name)
    brief = questions.parse({**ASKED, **(ONLINE if online else {})}, library)
    return kit.make(planner.plan(library, brief), library, letterhead=letterhead_of(library))


def words(name, paper, **how):
    """All text of one paper."""
    body = Document(io.BytesIO(kit_of(name, **how).files[paper])).element.body
    return " ".join("".join(part.text or " " for part in body.iter()).split())


@pytest.mark.parametrize("name", NAMES)
def test_the_check_finds_nothing(name):
    """No error, no warning, no note: cards, sheets, parts, reasons, terms and `base/` are as they should be."""
    assert checker.judge(PACKS / name, shipped("modules"), DAY, checker.Scope()) == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("online", [False, True])
def test_ninety_minutes_are_planned_and_printed(name, online):
    """The pack's own answers make an agenda and papers on its letterhead, in a room and online."""
    made = kit_of(name, online=online)
    assert {"facilitator-guide.docx", "agenda.docx", "workshop.yaml"} <= set(made.files)
    organisation = library_of(name).adaptations[0].pack.organisation
    header = "".join(
        paragraph.text for paragraph in Document(io.BytesIO(made.files["agenda.docx"])).sections[0].header.paragraphs
    )
    assert organisation in header
    assert organisation in words(name, "invitation.docx", online=online)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("hospital", "the step “rehearse” (because: On our wards people sit with those who write their rota."),
        ("council", "the outcome “map-lever” (because: What the council does with its contracts is for"),
    ],
)
def test_the_statement_says_what_was_removed_and_why(name, told):
    """The guide's last block names the organisation, the version, and the reason for what is gone."""
    guide = words(name, "facilitator-guide.docx")
    pack = library_of(name).adaptations[0].pack
    assert f"Adapted by {pack.organisation} (pack “{pack.name}” {pack.version}" in guide
    assert told in guide


def test_its_own_case_is_printed_with_its_own_terms():
    """The hospital's card comes by itself, and says what a shift's leader is called there."""
    sheet = words("hospital", "handouts-each-person.docx")
    assert "no longer work as charge nurses" in sheet
    assert "{{" not in sheet


@pytest.mark.parametrize("name", NAMES)
def test_its_contacts_are_on_the_sheet_to_keep(name):
    """Nobody typed them: they come from the pack."""
    contact = library_of(name).adaptations[0].pack.contacts[0]
    assert contact.reach in words(name, "handouts-each-person.docx")


@pytest.mark.parametrize("name", NAMES)
def test_own_cards_have_what_the_librarys_have(name):
    """In each deck one card of level 0 with as many facts and readings as those beside it, of similar length."""
    library, plain = library_of(name), load(shipped("modules"))
    own = [library.cards[card] for card in sorted(library.own_cards)]
    assert {card.deck for card in own} == {"endorsement", "shared-cause"}
    for card in own:
        beside = [other for other in plain.cards_of(card.deck) if other.level == 0]
        assert card.level == 0
        assert len(card.facts) == len(beside[0].facts)
        assert len(card.readings) == len(beside[0].readings)
        assert card.workplace


@pytest.mark.parametrize("name", NAMES)
def test_no_contested_case_can_be_asked_for(name):
    """The limit beats whoever asks, and the message names the pack."""
    library = library_of(name)
    asked = {**ASKED, "minutes": 120, "focus": ["linehan"], "max_level": 3, "facilitators": 2}
    with pytest.raises(InputError) as refused:
        questions.parse(asked, library)
    pack = library.adaptations[0].pack.name
    assert f"goes beyond the pack '{pack}', which allows level 1 at most" in str(refused.value)


def test_the_council_adds_a_lesson_that_can_be_planned():
    """Its own lesson stands beside those of the library, with its sheet."""
    library = library_of("council")
    brief = questions.parse({**ASKED, "focus": ["power-dynamics", "in-office", "commitments"], "cards": {}}, library)
    found = planner.plan(library, brief)
    assert "in-office" in found.agenda.lessons
    made = kit.make(found, library)
    sheet = Document(io.BytesIO(made.files["handouts-each-group.docx"])).element.body
    assert "Six sentences: tell who is speaking" in "".join(part.text or "" for part in sheet.iter())


@pytest.mark.parametrize("name", NAMES)
def test_each_kind_of_change_is_in_it(name):
    """Parts changed, added and removed, guarded ones among them, each of these with its reason."""
    changes = library_of(name).adaptations[0].changes
    assert {change.kind for change in changes} == {"added", "changed", "removed"}
    guarded = [change for change in changes if change.guarded]
    assert {change.kind for change in guarded} == {"changed", "removed"}
    assert all(change.reason for change in guarded)


@pytest.mark.parametrize("name", NAMES)
def test_it_says_that_it_is_invented(name):
    """No real organisation is meant, and no address or number leads to anybody."""
    told = (PACKS / name / "README.md").read_text(encoding="utf-8")
    assert "invented" in told
    text = "".join(path.read_text(encoding="utf-8") for path in (PACKS / name).rglob("*.yaml"))
    assert all(host.endswith(".example") for host in re.findall(r"@([\w.-]+)", text))
    assert (PACKS / name / "letterhead.docx").stat().st_size < 40_000
