"""What we ask, how answers are read, and how they become a brief that can be written and read again."""

import datetime
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_library import tiny_library, tiny_plan

from builder import questions
from builder.model import Brief, Library, Need
from builder.problems import InputError, Problem, UsageError
from builder.questions import Question, SoFar, typed
from builder.strict import clean, read_yaml

LIBRARY = tiny_library()


def parse(values: dict[str, Any], library: Library = LIBRARY) -> Brief:
    return questions.parse({"title": "T", "minutes": 90, **values}, library)


def problems_of(values: dict[str, Any], library: Library = LIBRARY) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        parse(values, library)
    return list(caught.value.problems)


def question(name: str) -> Question:
    return next(each for each in questions.QUESTIONS if each.name == name)


def so(**answers: Any) -> SoFar:
    return questions.so_far(LIBRARY, answers)


# ------------------------------------------------------------ what is typed


@pytest.mark.parametrize(
    ("text", "start", "minutes"),
    [
        ("10:00-11:30", "10:00", 90),
        ("10-11:30", "10:00", 90),
        ("10.00 – 11.30", "10:00", 90),
        ("10:00 to 11:30", "10:00", 90),
        ("from 10 until 11:30", "10:00", 90),
        ("10h-11h30", "10:00", 90),
        ("10am-11:30am", "10:00", 90),
        ("2-3:30pm", "14:00", 90),
        ("10-1pm", "10:00", 180),
        ("11 pm - 1", "23:00", 120),
        ("23:00-00:30", "23:00", 90),
        ("22:30-24:00", "22:30", 90),
        ("10:00 for 90 minutes", "10:00", 90),
        ("90", None, 90),
        ("1 h 30", None, 90),
        ("1.5 hours", None, 90),
    ],
)
def test_times_are_understood_as_people_write_them(text: str, start: str | None, minutes: int) -> None:
    """From-to in many spellings, over midnight too, or only a length."""
    found = typed.read_times(text)
    assert isinstance(found, typed.Times)
    assert (start, minutes) == (None if found.start is None else typed.clock(found.start), found.minutes)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("11-1", "Did you mean 11:00-13:00?"),
        ("10", "such as 10:00-11:30"),
        ("10:00-10:00", "such as 10:00-11:30"),
        ("25:00-26:00", "such as 10:00-11:30"),
        ("9:00-18:00", "such as 10:00-11:30"),
        ("tomorrow", "such as 10:00-11:30"),
        ("", "such as 10:00-11:30"),
    ],
)
def test_times_that_make_no_workshop_say_what_to_write(text: str, hint: str) -> None:
    """Too short, too long, no such time or not understood: a Problem with an example, or the likely meaning."""
    found = typed.read_times(text)
    assert isinstance(found, Problem)
    assert hint in found.hint


@settings(deadline=None)
@given(st.text(max_size=30))
def test_nothing_that_is_typed_breaks_the_reading(text: str) -> None:
    """Whatever is typed gives a value or a Problem, and times always fit a workshop."""
    found = typed.read_times(text)
    assert isinstance(found, Problem) or typed.SHORTEST <= found.minutes <= typed.LONGEST
    typed.read_people(text)
    typed.read_date(text)
    typed.read_contact(text)


@pytest.mark.parametrize(
    ("text", "expected"), [("18", (18, 18)), ("16-20", (16, 20)), ("16 to 20", (16, 20)), ("18 people", (18, 18))]
)
def test_people_are_expected_and_at_the_most(text: str, expected: tuple[int, int]) -> None:
    """One number stands for both."""
    assert expected == typed.read_people(text)


@pytest.mark.parametrize("text", ["3", "201", "4-300", "many", "1-2-3", ""])
def test_people_out_of_range_are_refused(text: str) -> None:
    """A workshop has 4 to 200 people."""
    assert isinstance(typed.read_people(text), Problem)


@pytest.mark.parametrize("text", ["2026-12-01", "1 December 2026", "1 Dec 2026", "December 1, 2026", "1. dec 2026"])
def test_dates_are_understood_where_they_are_clear(text: str) -> None:
    """Year-month-day, or the month by its name."""
    assert typed.read_date(text) == "2026-12-01"


@pytest.mark.parametrize("text", ["1/12/2026", "2026-02-30", "soon", "12 Foo 2026"])
def test_unclear_dates_are_refused(text: str) -> None:
    """A date that could mean two days, or none, is asked for again."""
    assert isinstance(typed.read_date(text), Problem)


def test_the_ranges_that_are_told_are_those_of_the_brief() -> None:
    """What the questions say about the fewest and the most is what the brief allows."""
    told = {
        "minutes": (typed.SHORTEST, typed.LONGEST),
        "participants": (typed.FEWEST, typed.MOST),
        "participants_most": (typed.FEWEST, typed.MOST),
        "facilitators": (1, questions.first.MOST_FACILITATORS),
        "buffer_percent": (questions.later.LEAST_BUFFER, questions.later.MOST_BUFFER),
        "large_print": (0, typed.MOST),
    }
    for key, (least, most) in told.items():
        limits = {type(limit).__name__: limit for limit in Brief.model_fields[key].metadata}
        assert (limits["Ge"].ge, limits["Le"].le) == (least, most), key  # type: ignore[attr-defined]


# ------------------------------------------------------------ the questions


def test_every_question_sets_keys_of_the_brief() -> None:
    """No question sets anything that a brief does not have."""
    assert {key for each in questions.QUESTIONS for key in each.keys} <= set(Brief.model_fields)


def test_six_questions_come_first() -> None:
    """The questions before the agenda are counted from one to six, in order."""
    steps = [each.step for each in questions.QUESTIONS if each.part == "first"]
    assert steps == sorted(steps)
    assert set(steps) == {1, 2, 3, 4, 5, 6}


def test_what_enter_keeps_is_always_a_good_answer() -> None:
    """The default of each question that is open can be read by it, and leaves it answered."""
    now = so()
    for part in ("first", "after"):
        while (each := questions.next_open(now, part)) is not None:
            answers = each.answered(each.typed(now), now)
            assert not isinstance(answers, Problem), each.name
            now = questions.so_far(LIBRARY, answers)
    assert (now.brief.title, now.brief.minutes, now.brief.focus) == ("Core ideas", 90, ("ideas", "trying"))


def test_no_jargon_is_on_the_screen() -> None:
    """Nobody needs to know what a deck, a card or a brief is."""
    now = so(focus=["comedian"], leave_out=["acting"], pinned={"ideas/compare": 12})
    words: list[str] = []
    for each in questions.QUESTIONS:
        if each.condition(now):
            words += [each.text(now), each.help(now), each.label, each.told(now)]
            words += [text for choice in each.choices(now) for text in (choice.title, choice.help, choice.closed)]
    assert not [
        text for text in words if set(text.lower().replace(",", " ").split()) & {"deck", "card", "brief", "slot"}
    ]


def test_each_access_arrangement_is_in_words() -> None:
    """Every arrangement of the brief, and both kinds of interpreting, can be picked by plain words."""
    choices = question("access").choices(so())
    assert len(choices) == 8 + 2
    assert not [choice.value for choice in choices if choice.title == choice.value]


def test_recipes_come_first_then_free_choice() -> None:
    """What the workshop is for is a recipe, a choice of one's own, or the planner's."""
    values = [choice.value for choice in question("purpose").choices(so())]
    assert values == ["recipe:core", "recipe:one-case", "recipe:village", "choose", "planner"]


def test_a_library_without_recipes_can_still_be_asked_about() -> None:
    """Without recipes one chooses lessons, or lets the planner choose, and nothing is in focus by default."""
    library = tiny_library(recipes=False)
    now = questions.so_far(library, {})
    assert [choice.value for choice in question("purpose").choices(now)] == ["choose", "planner"]
    assert question("purpose").answered("planner", now) == {"focus": [], "cards": {}}
    assert parse({}, library).focus == ()
    assert questions.defaults(library)["title"] == "Workshop"


def test_cases_are_offered_by_their_own_titles() -> None:
    """Each case stands under its lesson with how contested it is and its advisory; the case lesson itself does not."""
    choices = {choice.value: choice for choice in question("lessons").choices(so())}
    assert choices["comedian"].title == "The comedian example (disputed and living)"
    assert choices["comedian"].help == "Discusses comedian. You may choose another table."
    assert choices["choir"].help == "Pass if you like."
    assert "Lesson speaking" in choices["choir"].group
    assert "speaking" not in choices
    assert not {"opening", "closing"} & set(choices)


def test_a_case_picked_becomes_its_lesson_with_that_case() -> None:
    """Picking a case puts its lesson in focus and notes which case it uses."""
    answers = question("lessons").answered(("ideas", "team-name"), so())
    assert answers == {"focus": ["ideas", "speaking"], "cards": {"voice": "team-name"}}


def test_two_cases_for_one_lesson_are_not_both_taken() -> None:
    """Of two cases that teach the same thing one has to be kept, and both are named."""
    wrong = question("lessons").answered(("choir", "team-name"), so())
    assert isinstance(wrong, Problem)
    assert "The choir example" in wrong.message
    assert "The team-name example" in wrong.message


def test_picking_nothing_is_asked_again() -> None:
    """Choosing lessons oneself means at least one."""
    assert isinstance(question("lessons").answered((), so()), Problem)


def test_a_case_is_asked_for_only_where_it_is_open() -> None:
    """Where a lesson in focus needs a case and none is chosen, that is asked; else it is not."""
    assert questions.next_open(so(focus=["speaking"]), "first") == question("case")
    assert questions.next_open(so(focus=["choir"]), "first") == question("when")
    assert questions.next_open(so(focus=["ideas"]), "first") == question("when")


def test_a_contested_case_shows_what_it_requires_and_then_sets_the_level() -> None:
    """A contested case opens a question that names its conditions; saying yes allows its level, and no more."""
    now = so(focus=["comedian"])
    asked = questions.next_open(now, "first")
    assert asked == question("contested")
    told = asked.help(now)
    for words in (
        "two people who lead, or at most 12",
        "10 minutes",
        "another case (“The choir example”)",
        "choose to",
    ):
        assert words in told
    assert asked.answered("yes", now) == {"focus": ["speaking"], "cards": {"voice": "comedian"}, "max_level": 3}


def test_two_people_are_required_for_a_living_dispute_only() -> None:
    """A case of level 2 asks for everything but the second facilitator."""
    assert "two people" not in question("contested").help(so(focus=["team-name"]))


def test_a_new_choice_of_cases_forgets_the_level_of_the_old() -> None:
    """Whoever turns from a contested case to others has not agreed to contested cases in general."""
    now = so(focus=["comedian"], max_level=3)
    answers = question("purpose").answered("recipe:core", now)
    assert not isinstance(answers, Problem)
    assert "max_level" not in answers


def test_contested_cases_are_closed_where_people_have_to_come() -> None:
    """Required attendance closes contested cases, and a contested case closes required attendance, with the reason."""
    now = so(attendance="required")
    closed = [choice.value for choice in question("lessons").choices(now) if choice.closed]
    assert closed == ["team-name", "comedian", "camp"]
    assert isinstance(question("lessons").answered(("comedian",), now), Problem)
    contested = so(focus=["comedian"], max_level=3)
    assert isinstance(question("who").answered("required", contested), Problem)


def test_leaders_are_asked_for_only_where_it_matters() -> None:
    """How many lead matters with a living dispute, or a step in focus that needs more than one."""
    assert not question("leaders").is_open(so(focus=["ideas"]))
    assert question("leaders").is_open(so(focus=["comedian"]))
    step = LIBRARY.activities["ideas/compare"].model_copy(update={"facilitators": 2})
    library = LIBRARY.model_copy(update={"activities": {**LIBRARY.activities, step.id: step}})
    assert question("leaders").is_open(questions.so_far(library, {"focus": ["ideas"]}))


def test_access_and_interpreting_are_one_question() -> None:
    """Interpreting is picked among the arrangements, in one way only."""
    access = question("access")
    picked = ("captions", "interpretation:consecutive")
    assert access.answered(picked, so()) == {"access": ["captions"], "interpretation": "consecutive"}
    assert isinstance(access.answered(("interpretation:consecutive", "interpretation:simultaneous"), so()), Problem)
    assert access.typed(so(interpretation="simultaneous")) == ("interpretation:simultaneous",)


def test_who_comes_is_one_answer_for_two_keys() -> None:
    """Whether people choose to come, and whether managers sit with their reports."""
    answers = question("who").answered("required+managers", so())
    assert answers == {"attendance": "required", "managers_present": True}


def test_only_minutes_keep_the_start() -> None:
    """A length alone leaves the start as it was."""
    assert question("when").answered("75", so(start="14:00")) == {"start": "14:00", "minutes": 75}


def test_contacts_are_lines_and_keep_what_was_checked() -> None:
    """A contact that is kept keeps the date on which it was checked; a line that is none is refused."""
    contact = {"name": "Ana", "role": "adviser", "reach": "ana@example.org", "verified_on": "2026-01-01"}
    now = so(contacts=[contact])
    asked = question("contacts")
    assert asked.answered(("Ana, adviser, ana@example.org", "Bo, nurse, room 4, left"), now) == {
        "contacts": [contact, {"name": "Bo", "role": "nurse", "reach": "room 4, left"}]
    }
    assert isinstance(asked.answered(("Ana",), now), Problem)


def test_the_title_suggested_is_that_of_the_recipe() -> None:
    """The recipe's title, or the first lesson's, or the plain word."""
    title = question("title")
    assert title.typed(so(focus=["speaking", "trying"], cards={"voice": "choir"})) == "Village"
    assert title.typed(so(focus=["ideas"])) == "Lesson ideas"
    assert title.typed(so(focus=[])) == "Workshop"


# ------------------------------------------------------------ changes to an agenda


def test_a_lesson_dropped_is_out_of_focus_and_no_longer_fixed() -> None:
    """Leaving a lesson out takes it from the focus, and lets go of the minutes fixed for its steps."""
    now = so(focus=["ideas", "trying"], pinned={"ideas/compare": 12, "trying/draft": 8})
    after = questions.so_far(LIBRARY, questions.changes.drop("ideas", now)).brief
    assert (after.focus, after.leave_out, list(after.pinned)) == (("trying",), ("ideas",), ["trying/draft"])


def test_core_steps_go_only_with_their_lesson() -> None:
    """Lessons and optional steps may be dropped; opening, closing and core steps are not offered."""
    now = so(focus=["ideas", "trying"])
    plan = tiny_plan(LIBRARY, now.brief)
    assert [choice.value for choice in questions.changes.droppable(plan, now)] == ["ideas", "ideas/deepen", "trying"]


def test_minutes_are_fixed_beside_what_was_fixed_before() -> None:
    """Fixing the minutes of a step keeps other fixed steps, and its own fixed start."""
    now = so(pinned={"ideas/compare": {"minutes": 12, "start": "10:30"}, "trying/draft": 8})
    plan = tiny_plan(LIBRARY, now.brief)
    answers = questions.changes.pin("ideas/compare", "15", plan, now)
    assert not isinstance(answers, Problem)
    pinned = questions.so_far(LIBRARY, answers).brief.pinned
    assert (pinned["ideas/compare"].minutes, pinned["ideas/compare"].start, pinned["trying/draft"].minutes) == (
        15,
        "10:30",
        8,
    )
    assert isinstance(questions.changes.pin("ideas/compare", "a while", plan, now), Problem)


def _changed(answers) -> questions.SoFar:
    assert not isinstance(answers, Problem)
    return questions.so_far(LIBRARY, answers)


def test_fixing_a_step_keeps_the_lessons_that_the_planner_chose() -> None:
    """Where nothing was in focus, fixing one step would make its lesson the only one; so those that are in stay."""
    now = so(focus=[])
    plan = tiny_plan(LIBRARY, so(focus=["ideas", "trying"]).brief)
    for answers in (
        questions.changes.pin("ideas/compare", "12", plan, now),
        questions.changes.start_at("ideas/compare", "10:15", plan, now),
        questions.changes.lock(plan, now),
    ):
        assert _changed(answers).brief.focus == ("ideas", "trying")


def test_a_lesson_can_be_moved_anywhere_but_where_it_is() -> None:
    """The places are before each other lesson, and last; together they are all orders that differ by that lesson."""
    now = so(focus=["ideas", "speaking", "trying"])
    plan = tiny_plan(LIBRARY, now.brief)
    values = {
        name: [each.value for each in questions.changes.places(name, plan, now)]
        for name in ("ideas", "speaking", "trying")
    }
    assert values == {"ideas": ["trying", "last"], "speaking": ["ideas", "last"], "trying": ["ideas", "speaking"]}
    moved = _changed(questions.changes.move("ideas", "last", plan, now)).brief.order
    assert [step.partition("/")[0] for step in moved] == ["speaking", "trying", "ideas", "ideas"]
    assert questions.changes.movable(tiny_plan(LIBRARY, so(focus=["ideas"]).brief), now) == ()


def test_a_lesson_cannot_be_moved_before_what_it_builds_on() -> None:
    """The place is shown with the reason and closed; the planner would refuse it."""
    trying = LIBRARY.lessons["trying"].model_copy(update={"needs": (Need(lesson="ideas"),)})
    library = LIBRARY.model_copy(update={"lessons": {**LIBRARY.lessons, "trying": trying}})
    now = questions.so_far(library, {"focus": ["ideas", "trying"]})
    places = questions.changes.places("trying", tiny_plan(library, now.brief), now)
    assert [(each.value, each.closed) for each in places] == [("ideas", "“Lesson trying” builds on “Lesson ideas”")]


def test_a_lesson_dropped_is_out_of_the_order() -> None:
    """The order names only what can still be in."""
    now = so(focus=["ideas", "trying"], order=["ideas/compare", "trying/draft"])
    assert _changed(questions.changes.drop("ideas", now)).brief.order == ("trying/draft",)


def test_everything_fixed_can_be_let_go_one_by_one() -> None:
    """Minutes, start, break and order are each a choice in plain words; letting one go keeps the others."""
    now = so(
        pinned={"ideas/compare": {"minutes": 1, "start": "10:30"}},
        breaks=[{"at": "12:30", "minutes": 45}],
        order=["ideas/compare", "trying/draft"],
    )
    told = {each.value: each.title for each in questions.changes.fixed(now)}
    assert told == {
        "minutes ideas/compare": "“Step compare” takes 1 minute",
        "start ideas/compare": "“Step compare” starts at 10:30",
        "break 12:30": "A break at 12:30, 45 minutes",
        "order": "The order: Lesson ideas, Lesson trying",
    }
    for value in told:
        left = _changed(questions.changes.unfix(value, now))
        assert [each.value for each in questions.changes.fixed(left)] == [each for each in told if each != value]


@pytest.mark.parametrize(
    ("typed", "start", "clock"),
    [
        ("12:30", "10:00", "12:30"), ("at 12.30", "10:00", "12:30"), ("2:15", "13:00", "14:15"),
        ("2pm", "13:00", "14:00"), ("12:30", "12:00", "12:30"), ("0:20", "23:00", "00:20"),
        ("12:20", "23:00", "00:20"), ("10:00", "10:00", "10:00"),
        ("9:59", "10:00", None), ("13:00", "10:00", None), ("25:00", "10:00", None), ("soon", "10:00", None),
    ],
)  # fmt: skip
def test_a_time_within_the_workshop_is_read_as_people_write_it(typed, start, clock) -> None:
    """Half a day is left unsaid where only one of the two lies within the workshop; what lies outside is explained."""
    found = questions.changes.read_break_at(typed, so(start=start, minutes=180))
    assert clock is None if isinstance(found, Problem) else found == clock
    assert not isinstance(found, Problem) or found.hint.startswith("Write a time such as ")


def test_the_answers_for_another_brief_make_that_brief() -> None:
    """What could be had instead becomes answers, in whichever keys it differs."""
    now = so(focus=["ideas", "trying"], pinned={"ideas/compare": 12}, breaks=[{"at": "10:30", "minutes": 10}])
    other = now.brief.model_copy(update={"focus": ("trying",), "pinned": {}, "breaks": ()})
    assert _changed(questions.changes.answers_for(other, now)).brief == other


# ------------------------------------------------------------ from answers to a brief


def test_the_first_recipe_is_in_focus_where_nothing_is_said() -> None:
    """Nothing said: the first recipe; an empty focus said: nothing in focus."""
    assert parse({}).focus == ("ideas", "trying")
    assert parse({"focus": []}).focus == ()


def test_the_default_focus_leaves_out_what_is_left_out() -> None:
    """Who leaves out a lesson of the first recipe need not write the rest of it."""
    assert parse({"leave_out": ["ideas"]}).focus == ("trying",)


def test_a_recipes_cards_do_not_replace_those_given() -> None:
    """The first recipe's cards fill only decks that have none yet."""
    village = LIBRARY.recipes["village"]
    library = LIBRARY.model_copy(update={"recipes": {"village": village}})
    assert parse({}, library).cards == {"voice": "choir"}
    assert parse({"cards": {"voice": "team-name"}}, library).cards == {"voice": "team-name"}


def test_a_card_in_focus_stands_for_its_lesson() -> None:
    """A card's id in the focus becomes its lesson and the choice of that card."""
    brief = parse({"focus": ["ideas", "team-name", "speaking"]})
    assert (brief.focus, brief.cards) == (("ideas", "speaking"), {"voice": "team-name"})


def test_a_card_in_focus_must_not_clash_with_another() -> None:
    """Two cards for one deck are a problem, from the focus alone or with `cards`."""
    assert [problem.code for problem in problems_of({"focus": ["choir", "team-name"]})] == ["two-cards"]
    clash = problems_of({"focus": ["choir"], "cards": {"voice": "team-name"}})
    assert [problem.code for problem in clash] == ["two-cards"]


def test_all_that_is_unknown_is_named_at_once_with_its_place() -> None:
    """Every unknown id of a brief stands with its line, and the nearest one known."""
    text = """title: T
minutes: 9000
focus: [ideas, tryin]
leave_out: [idea/compare]
cards:
  voise: choir
  cause: choir
pinned:
  ideas/compar: 12
order: [nothing]
"""
    marked, _ = read_yaml(text, "w.yaml")
    with pytest.raises(InputError) as caught:
        questions.parse(marked, LIBRARY)
    assert [(problem.line, problem.code, problem.hint) for problem in caught.value.problems] == [
        (2, "minutes-range", "It says '9000'."),
        (3, "unknown-lesson", "Did you mean 'trying'?"),
        (4, "unknown-lesson", "Did you mean 'ideas/compare'?"),
        (9, "unknown-activity", "Did you mean 'ideas/compare'?"),
        (10, "unknown-activity", f"Known: {', '.join(sorted(LIBRARY.activities))}."),
        (6, "unknown-deck", "Did you mean 'voice'?"),
        (7, "unknown-card", "Known: camp, towels."),
    ]  # fmt: skip


def test_nothing_is_both_in_and_out() -> None:
    """What is asked for and left out in the same brief is a problem."""
    assert [problem.code for problem in problems_of({"focus": ["ideas"], "leave_out": ["ideas"]})] == ["in-and-out"]
    pinned = problems_of({"focus": ["trying"], "pinned": {"ideas/compare": 9}, "leave_out": ["ideas"]})
    assert [problem.code for problem in pinned] == ["in-and-out"]


def test_the_most_people_are_those_expected_unless_said() -> None:
    """Who says only how many are expected means the same at the most."""
    assert parse({"participants": 30}).participants_most == 30


def test_what_cannot_be_printed_does_not_come_in() -> None:
    """Answers from anywhere are cleaned before they are looked at."""
    assert parse({"title": "A\x1b[31m red\u202e title"}).title == "A[31m red title"


def test_saved_answers_that_a_library_no_longer_knows_are_left_out() -> None:
    """An answer that names a lesson that is gone is not used; the others are."""
    assert questions.usable({"focus": ["gone"], "minutes": 60}, LIBRARY) == {"minutes": 60}


# ------------------------------------------------------------ --set, and which answer wins


def test_settings_know_lists_maps_and_contacts() -> None:
    """Lists by commas, a map's entry by a dot, contacts as flow text; later beats earlier."""
    pairs = [
        "title=Tea, cake: and talk", "focus=ideas, trying", "minutes=60", "minutes=75", "cards.voice=choir",
        "cards.cause=towels", "pinned.ideas/compare=12", "leave_out=", "access=[seated, captions]",
        "contacts=[{name: Ana, role: adviser, reach: 'ana@example.org'}]",
        "pinned.trying/draft={minutes: 8, start: 10:30}",
    ]  # fmt: skip
    assert questions.settings(pairs) == {
        "title": "Tea, cake: and talk",
        "focus": ["ideas", "trying"],
        "minutes": "75",
        "cards": {"voice": "choir", "cause": "towels"},
        "pinned": {"ideas/compare": "12", "trying/draft": {"minutes": "8", "start": "10:30"}},
        "leave_out": [],
        "access": ["seated", "captions"],
        "contacts": [{"name": "Ana", "role": "adviser", "reach": "ana@example.org"}],
    }


def test_every_wrong_setting_is_named_at_once() -> None:
    """Each wrong option is named as it was typed, with what to write."""
    wrong = [
        "minuts=90",
        "minutes",
        "minutes=9",
        "cards=choir",
        "minutes.x=3",
        "contacts=Ana",
        "access=[seat]",
        "mode=outside",
    ]
    with pytest.raises(UsageError) as caught:
        questions.settings(["title=T", *wrong])
    assert [(problem.path, problem.code) for problem in caught.value.problems] == [
        ("--set minuts=90", "unknown-key"),
        ("--set minutes", "not-a-setting"),
        ("--set cards=choir", "not-a-map"),
        ("--set minutes.x=3", "not-a-map"),
        ("--set contacts=Ana", "not-a-list"),
        ("--set minutes=9", "minutes-range"),
        ("--set access=[seat]", "unknown-value"),
        ("--set mode=outside", "unknown-value"),
    ]
    assert caught.value.problems[0].hint == "Did you mean 'minutes'?"


def test_a_setting_out_of_range_is_understood_and_unusable() -> None:
    """A value that cannot be used is an input error, not wrong usage: the option itself is right."""
    with pytest.raises(InputError) as caught:
        questions.settings(["minutes=9", "title=T"])
    assert [str(problem) for problem in caught.value.problems] == [
        "--set minutes=9: minutes: must be at least 30. [minutes-range]"
    ]


def test_flow_text_that_is_no_yaml_is_a_wrong_setting() -> None:
    """A bracket that is not closed is named with its option."""
    with pytest.raises(UsageError) as caught:
        questions.settings(["contacts=[{name: Ana"])
    assert [problem.path for problem in caught.value.problems] == ["--set contacts=[{name: Ana"]


def test_the_first_layer_wins_and_maps_merge() -> None:
    """`--set` beats the file, the file beats defaults; cards and pinned are merged entry by entry."""
    filed, _ = read_yaml(
        "minutes: 60\ntitle: Filed\ncards: {voice: team-name, cause: towels}\nfocus: [ideas]\n", "w.yaml"
    )
    layers = ({"minutes": "75", "cards": {"voice": "choir"}, "focus": ["trying"]}, filed, questions.defaults(LIBRARY))
    assert questions.layered(*layers).values == {
        **questions.defaults(LIBRARY),
        "minutes": "75",
        "title": "Filed",
        "cards": {"voice": "choir", "cause": "towels"},
        "focus": ["trying"],
    }


def test_a_problem_is_placed_where_the_answer_came_from() -> None:
    """A wrong answer of the file has the file's place; one from elsewhere names no line of it."""
    filed, _ = read_yaml("title: T\nminutes: 60\nfocus: [ideas]\ncards:\n  cause: x\nleave_out: [y]\n", "w.yaml")
    with pytest.raises(InputError) as caught:
        questions.parse(questions.layered({"focus": ["trying", "z"], "cards": {"voice": "v"}}, filed), LIBRARY)
    places = {problem.message.split("'")[1]: (problem.path, problem.line) for problem in caught.value.problems}
    assert places == {"z": ("", None), "v": ("", None), "x": ("w.yaml", 5), "y": ("w.yaml", 6)}


def test_a_list_that_is_beaten_lends_no_places() -> None:
    """A contact given beside the file is not placed at a contact of the file."""
    filed, _ = read_yaml("title: T\nminutes: 60\ncontacts:\n  - {name: A, role: b, reach: c}\n", "w.yaml")
    beside = {"contacts": [{"name": "A", "role": "b", "reach": ""}]}
    with pytest.raises(InputError) as caught:
        questions.parse(questions.layered(beside, filed), LIBRARY)
    assert [(problem.path, problem.line) for problem in caught.value.problems] == [("", None)]


def test_defaults_answer_everything() -> None:
    """The defaults alone make a brief of ninety minutes, and follow what is said beside them."""
    now = questions.so_far(LIBRARY, questions.defaults(LIBRARY))
    assert (now.brief.title, now.brief.minutes, now.brief.focus) == ("Core ideas", 90, ("ideas", "trying"))
    assert (
        questions.parse(questions.layered({"participants": 30}, questions.defaults(LIBRARY)), LIBRARY).participants_most
        == 30
    )


# ------------------------------------------------------------ writing a brief


def _texts() -> st.SearchStrategy[str]:
    tricky = st.sampled_from(
        ["null", "1.10", "yes", "~", "10:30", "a: b", "- x", "# no", "'", '"', "\\", "{a}", "é\u2028ü", "🦊"]
    )
    some = st.text(min_size=1, max_size=40).map(lambda text: clean(text).strip())
    return st.one_of(tricky, some, st.tuples(some, tricky, some).map("\n".join)).map(str.strip).filter(bool)


def _briefs() -> st.SearchStrategy[Brief]:
    text = _texts()
    minutes = st.integers(1, 480)
    days = st.dates(datetime.date(1900, 1, 1), datetime.date(2999, 12, 31)).map(str)
    contact = st.fixed_dictionaries(
        {"name": text, "role": text, "reach": text},
        optional={"verified_on": days},
    )
    pin = st.one_of(minutes, st.fixed_dictionaries({}, optional={"minutes": minutes, "start": st.just("09:30")}))
    values = st.fixed_dictionaries(
        {"title": text, "minutes": st.integers(30, 480)},
        optional={
            "start": st.times().map(lambda time: f"{time:%H:%M}"), "date": days,
            "timezone": st.just("Europe/Dublin"), "participants": st.integers(4, 200),
            "mode": st.sampled_from(["in-person", "online", "hybrid"]), "managers_present": st.booleans(),
            "focus": st.lists(st.sampled_from(["ideas", "trying", "speaking", "acting", "camp"]), unique=True),
            "leave_out": st.lists(st.sampled_from(["opening", "closing", "closing/round"]), unique=True),
            "cards": st.dictionaries(st.just("voice"), st.sampled_from(["choir", "team-name"])),
            "pinned": st.dictionaries(st.sampled_from(["ideas/compare", "trying/draft"]), pin),
            "breaks": st.lists(st.fixed_dictionaries({"at": st.just("10:30"), "minutes": minutes}), max_size=2),
            "break_minutes": st.one_of(st.just("auto"), st.integers(0, 60)), "organisation": text,
            "contacts": st.lists(contact, max_size=2), "letterhead": text, "access": st.just(["seated", "captions"]),
        },
    )  # fmt: skip
    return values.map(lambda answers: questions.parse(answers, LIBRARY))


@settings(deadline=None)
@given(_briefs())
def test_a_brief_that_is_written_reads_back_as_the_same(brief: Brief) -> None:
    """Writing and reading gives an equal brief, whatever its texts; other YAML readers see the same texts."""
    text = questions.write(brief)
    marked, problems = read_yaml(text, "workshop.yaml")
    assert problems == []
    assert questions.parse(marked, LIBRARY) == brief
    other = yaml.safe_load(text)
    assert (other["title"], other["organisation"], other["start"]) == (brief.title, brief.organisation, brief.start)


def test_a_brief_is_written_complete_and_in_order() -> None:
    """All keys of the brief in its order, each group with a comment, the same bytes each time."""
    brief = parse({"contacts": [{"name": "Ana", "role": "adviser", "reach": "x: y"}], "pinned": {"ideas/compare": 12}})
    text = questions.write(brief)
    assert text == questions.write(brief)
    keys = [line.partition(":")[0] for line in text.splitlines() if line[:1].isalpha()]
    assert keys == [key for key in Brief.model_fields if key != "packs"]
    assert "\npinned:\n  ideas/compare: 12\n" in text
    assert '\ncontacts:\n  - name: Ana\n    role: adviser\n    reach: "x: y"\n' in text
    assert '\nstart: "10:00"\ndate:\n' in text
    assert text.count("\n\n# ") == 7


def test_a_case_of_another_lesson_brings_its_lesson() -> None:
    """Whoever wants one case may take any: a case of another lesson puts that lesson in the place of the first."""
    before = so(focus=["speaking"])
    values = question("case").read("towels", before)
    assert values == {"focus": ["acting"], "cards": {"cause": "towels"}}


def test_with_both_case_lessons_in_focus_each_is_asked_for_its_own_case() -> None:
    """Where all case lessons are in focus no lesson is put in another's place."""
    offered = [choice.value for choice in question("case").choices(so(focus=["speaking", "acting"]))]
    assert "towels" not in offered
