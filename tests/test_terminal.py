"""The conversation in a terminal: by keys and by numbered lines, back and forth, stopped and gone on with."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input.defaults import create_pipe_input
from prompt_toolkit.output import DummyOutput
from tiny_library import tiny_library, tiny_plan

from builder import answers as kept
from builder import terminal
from builder.model import Brief, Grouping, Plan
from builder.planner import Instead
from builder.problems import InputError, InterruptedAnswersError, Problem, RefusedError, UsageError
from builder.questions import parse
from builder.terminal import Screen
from builder.terminal.bars import bars_for

LIBRARY = tiny_library()
UP, DOWN, LEFT, ENTER, SPACE, CTRL_C, CTRL_D = "\x1b[A", "\x1b[B", "\x1b[D", "\r", " ", "\x03", "\x04"
SIX = [ENTER, "10-11:30" + ENTER, "16-20" + ENTER, ENTER, ENTER, ENTER]
REST = ["Tuesday" + ENTER, "Harbour Clinic" + ENTER, "2026-12-01" + ENTER, ENTER, "2" + ENTER]
ACCEPT = DONE = ENTER


class Conversation:
    """What came of a conversation: the brief or the error, the answers saved at each step, and the screen."""

    def __init__(self) -> None:
        self.saved: list[Mapping[str, Any]] = []
        self.screen = io.StringIO()
        self.brief: Brief | None = None

    def save(self, answers: Mapping[str, Any]) -> None:
        self.saved.append(dict(answers))

    def ask(
        self,
        *,
        fancy: bool,
        given: Mapping[str, Any],
        earlier: Mapping[str, Any] | None,
        plan: Any,
        instead: Any = None,
    ) -> None:
        screen = Screen(self.screen, fancy=fancy, fixed_width=100)
        self.brief = terminal.ask(LIBRARY, given, plan, self.save, earlier=earlier, screen=screen, instead=instead)

    @property
    def agreed(self) -> Brief:
        assert self.brief is not None
        return self.brief

    @property
    def shown(self) -> str:
        return self.screen.getvalue()


def by_keys(
    keys: Sequence[str],
    given: Mapping[str, Any] | None = None,
    earlier: Mapping[str, Any] | None = None,
    plan: Any = tiny_plan,
    instead: Any = None,
) -> Conversation:
    """Hold a conversation by keys, fed through a pipe."""
    conversation = Conversation()
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        pipe.send_text("".join(keys))
        pipe.close()
        try:
            conversation.ask(fancy=True, given=given or {}, earlier=earlier, plan=plan, instead=instead)
        except (InterruptedAnswersError, UsageError) as error:
            error.conversation = conversation  # type: ignore[union-attr]
            raise
    return conversation


@pytest.fixture
def by_lines(monkeypatch):
    """Hold a conversation by numbered lines, read from standard input."""

    def hold(
        lines: Sequence[str], given: Mapping[str, Any] | None = None, earlier: Mapping[str, Any] | None = None
    ) -> Conversation:
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        conversation = Conversation()
        try:
            conversation.ask(fancy=False, given=given or {}, earlier=earlier, plan=tiny_plan)
        except UsageError as error:
            error.conversation = conversation  # type: ignore[attr-defined]
            raise
        return conversation

    return hold


# ------------------------------------------------------------ by keys


def test_a_whole_conversation_ends_in_a_brief():
    """Six questions, the agenda, the rest and a last look give the brief that was answered."""
    held = by_keys([*SIX, ACCEPT, *REST, DONE])
    assert held.agreed == parse(
        {
            "title": "Tuesday", "minutes": 90, "start": "10:00", "participants": 16, "participants_most": 20,
            "focus": ["ideas", "trying"], "organisation": "Harbour Clinic", "date": "2026-12-01", "large_print": 2,
        },
        LIBRARY,
    )  # fmt: skip
    assert held.shown.count("Question ") == 6
    assert "10:00    10     Step welcome" in held.shown


def test_the_answers_are_saved_after_each_step():
    """Each answer is saved as soon as it is given, together with those before it."""
    saved = by_keys([*SIX, ACCEPT, *REST, DONE]).saved
    assert [len(answers) for answers in saved] == sorted(len(answers) for answers in saved)
    assert [set(after) - set(before) for before, after in pairwise(saved)] == [
        {"minutes", "start"}, {"participants", "participants_most"}, {"mode"}, {"attendance", "managers_present"},
        {"access", "interpretation"}, {"title"}, {"organisation"}, {"date"}, {"contacts"}, {"large_print"},
    ]  # fmt: skip


def test_going_back_twice_changes_one_answer_and_keeps_the_others():
    """Back from the fourth question to the second; Enter keeps what was said to the third."""
    keys = [*SIX[:3], LEFT, "<" + ENTER, "14-15:30" + ENTER, ENTER, *SIX[3:], ACCEPT, *REST, DONE]
    brief = by_keys(keys).agreed
    assert (brief.start, brief.minutes, brief.participants, brief.participants_most) == ("14:00", 90, 16, 20)


def test_going_back_from_the_agenda_and_from_the_title():
    """The agenda leads back to the last question, the title back to the agenda, the last look to the last answer."""
    back_to_access = [*SIX, UP + ENTER, DOWN + SPACE + ENTER]
    back_to_agenda = [ACCEPT, "<" + ENTER, ACCEPT]
    back_from_last_look = [*REST, LEFT, "5" + ENTER, DONE]
    brief = by_keys([*back_to_access, *back_to_agenda, *back_from_last_look]).agreed
    assert (brief.access, brief.large_print) == (("seated",), 5)


def test_nothing_is_before_the_first_question():
    """Going back from the first question leaves one there."""
    held = by_keys([LEFT, *SIX, ACCEPT, *REST, DONE])
    assert held.agreed.title == "Tuesday"


def test_a_wrong_answer_is_explained_and_asked_again():
    """What cannot be understood is said in plain words, and the question stays."""
    held = by_keys([SIX[0], "11-1" + ENTER, "nonsense" + ENTER, *SIX[1:], ACCEPT, *REST, DONE])
    assert "11:00 to 01:00 is 14 hours; a workshop takes 30 minutes to 8 hours." in held.shown
    assert "Did you mean 11:00-13:00?" in held.shown
    assert "“nonsense” is not understood." in held.shown
    assert held.agreed.minutes == 90


def test_a_contested_case_is_picked_with_its_conditions():
    """Choosing a contested case shows what it requires, sets its level, and asks how many lead."""
    choose = [DOWN * 3 + ENTER, DOWN * 4 + SPACE + ENTER]
    held = by_keys([*choose, ENTER, *SIX[1:3], "2" + ENTER, *SIX[3:], ACCEPT, *REST, DONE])
    brief = held.agreed
    assert (brief.focus, brief.cards, brief.max_level, brief.facilitators) == (
        ("speaking",),
        {"voice": "comedian"},
        3,
        2,
    )
    assert "“The comedian example” is disputed and living. It needs:" in held.shown


def test_a_contested_case_can_be_refused_by_who_picked_it():
    """Saying no to what a contested case requires goes back to the choice of cases."""
    choose = [DOWN * 3 + ENTER, DOWN * 4 + SPACE + ENTER]
    again = [DOWN + ENTER, DOWN * 4 + SPACE + UP * 2 + SPACE + ENTER]
    brief = by_keys([*choose, *again, *SIX[1:], ACCEPT, *REST, DONE]).agreed
    assert (brief.cards, brief.max_level) == ({"voice": "choir"}, 0)


def test_a_recipe_with_an_open_case_asks_which():
    """Where the recipe leaves the case open, the one offered first is the invented one."""
    brief = by_keys([DOWN + ENTER, ENTER, *SIX[1:], ACCEPT, *REST, DONE]).agreed
    assert brief.cards == {"voice": "choir"}


def test_a_case_is_swapped_under_the_agenda():
    """Another case is taken from the menu under the agenda, and what follows from it is asked."""
    start = {"focus": ["choir"], **_settled()}
    brief = by_keys([DOWN * 2 + ENTER, DOWN + ENTER, ENTER, ACCEPT, DONE], start).agreed
    assert (brief.cards, brief.max_level) == ({"voice": "team-name"}, 2)


def test_a_lesson_is_left_out_and_let_in_again_by_undo():
    """Dropping a lesson plans anew without it and says so; undo, the last entry, brings back the agenda before."""
    start = {"focus": ["ideas", "trying"], **_settled()}
    dropped = by_keys([DOWN * 2 + ENTER, ENTER, ACCEPT, DONE], start)
    assert (dropped.agreed.focus, dropped.agreed.leave_out) == (("trying",), ("ideas",))
    assert "  - Step compare is out\n  - Step deepen is out\n" in dropped.shown
    undone = by_keys([DOWN * 2 + ENTER, ENTER, UP + ENTER, ACCEPT, DONE], start)
    assert (undone.agreed.focus, undone.agreed.leave_out) == (("ideas", "trying"), ())


@pytest.mark.parametrize(("typed", "minutes"), [("15", 15), ("+5", 15), ("-3", 7)])
def test_a_step_is_made_longer_or_shorter(typed, minutes):
    """One question, how many minutes: a number, or so many more or fewer; what moved is told."""
    start = {"focus": ["ideas"], **_settled()}
    held = by_keys([DOWN * 3 + ENTER, DOWN + ENTER, "soon" + ENTER, typed + ENTER, ACCEPT, DONE], start)
    assert held.agreed.pinned["ideas/compare"].minutes == minutes
    assert f"10:10    {minutes:>2}     Step compare" in held.shown
    assert f"  - Step compare: 10 → {minutes} minutes\n" in held.shown


def test_a_step_starts_at_a_certain_time():
    """The time is read as people write it, within the workshop; a wrong one is explained."""
    start = {"focus": ["ideas"], **_settled(), "start": "13:30"}
    keys = [DOWN * 4 + ENTER, DOWN + ENTER, "9:00" + ENTER, "2.15" + ENTER, ACCEPT, DONE]
    held = by_keys(keys, start)
    assert "09:00 is not within 13:30 to 15:00." in held.shown
    assert held.agreed.pinned["ideas/compare"].start == "14:15"
    assert held.agreed.pinned["ideas/compare"].minutes is None


def test_lunch_arrives_at_a_time_and_can_be_let_go():
    """A break is put at a time, a second one at that time is not; letting it go leaves none."""
    start = {"focus": ["ideas"], **_settled()}
    lunch = [DOWN * 5 + ENTER, "at 10:40" + ENTER, "10" + ENTER]
    held = by_keys([*lunch, ACCEPT, DONE], start)
    assert [(each.at, each.minutes) for each in held.agreed.breaks] == [("10:40", 10)]
    assert held.saved[-1]["breaks"] == [{"at": "10:40", "minutes": 10}]
    twice = by_keys([*lunch, DOWN * 5 + ENTER, "10:40" + ENTER, "<" + ENTER, ACCEPT, DONE], start)
    assert "There is a break at 10:40 already." in twice.shown
    let_go = by_keys([*lunch, UP * 3 + ENTER, ENTER, ACCEPT, DONE], start)
    assert let_go.agreed.breaks == ()


def test_going_back_from_how_long_to_when():
    """Back from the second question of a break leads to the first, and from there to the agenda."""
    start = {"focus": ["ideas"], **_settled()}
    keys = [DOWN * 5 + ENTER, "10:40" + ENTER, "<" + ENTER, "10:50" + ENTER, "5" + ENTER, ACCEPT, DONE]
    assert [each.at for each in by_keys(keys, start).agreed.breaks] == ["10:50"]
    left = by_keys([DOWN * 5 + ENTER, "10:40" + ENTER, "<" + ENTER, "<" + ENTER, ACCEPT, DONE], start)
    assert left.agreed.breaks == ()


def test_a_lesson_moves_before_another_and_the_order_is_let_go():
    """Moving a lesson sets the order of all lessons; letting the order go leaves it to the planner."""
    start = {"focus": ["ideas", "trying"], **_settled()}
    move = [DOWN * 6 + ENTER, DOWN + ENTER, ENTER]
    held = by_keys([*move, ACCEPT, DONE], start)
    assert held.agreed.order == ("trying/draft", "ideas/compare", "ideas/deepen")
    free = by_keys([*move, UP * 3 + ENTER, ENTER, ACCEPT, DONE], start)
    assert free.agreed.order == ()


def test_the_order_is_locked_as_it_is():
    """Keeping the order names every step between opening and closing, and is offered once."""
    start = {"focus": ["ideas", "trying"], **_settled()}
    held = by_keys([DOWN * 7 + ENTER, ACCEPT, DONE], start)
    assert held.agreed.order == ("ideas/compare", "ideas/deepen", "trying/draft")
    assert "The lessons keep this order, whatever else you change." in held.shown


def test_what_is_fixed_is_unpicked_on_the_review_page():
    """All that is fixed stands among the answers; what is not picked there is free again."""
    fixed = {"pinned": {"ideas/compare": {"minutes": 12, "start": "10:20"}}, "breaks": [{"at": "10:40", "minutes": 10}]}
    start = {"focus": ["ideas"], **_settled(), **fixed, "order": ["ideas/compare"]}
    keys = [DOWN + ENTER + DOWN * 13 + ENTER, DOWN + SPACE + DOWN + SPACE + ENTER, ACCEPT, DONE]
    brief = by_keys(keys, start).agreed
    assert (brief.pinned["ideas/compare"].minutes, brief.pinned["ideas/compare"].start) == (12, None)
    assert (brief.breaks, brief.order) == ((), ("ideas/compare",))


def test_a_refused_change_offers_the_best_agenda_without_something_else():
    """What could be had instead is said in one line; taking it changes the answers, leaving it does not."""
    start = {"focus": ["ideas", "trying"], **_settled(), "minutes": 60}
    too_long = [DOWN * 3 + ENTER, DOWN + ENTER, "24" + ENTER]

    def instead(library, brief, _error):
        other = brief.model_copy(update={"focus": ("ideas",)})
        return Instead("without 'Lesson trying'", other, tiny_plan(library, other))

    taken = by_keys([*too_long, DOWN + ENTER, ACCEPT, DONE], start, instead=instead)
    assert "What is wanted takes 69 minutes." in taken.shown
    assert (taken.agreed.focus, taken.agreed.pinned["ideas/compare"].minutes) == (("ideas",), 24)
    left = by_keys([*too_long, ENTER, ACCEPT, DONE], start, instead=instead)
    assert (left.agreed.focus, dict(left.agreed.pinned)) == (("ideas", "trying"), {})


def test_an_offer_never_undoes_the_change_itself():
    """Where the best agenda is the one that stands, a lesson less with the change is looked for instead."""
    start = {"focus": ["ideas", "trying"], **_settled(), "minutes": 60}

    def instead(library, brief, _error):
        other = brief.model_copy(update={"pinned": {}})
        return Instead("without fixing 'Step compare'", other, tiny_plan(library, other))

    keys = [DOWN * 3 + ENTER, DOWN + ENTER, "24" + ENTER, DOWN + ENTER, ACCEPT, DONE]
    brief = by_keys(keys, start, instead=instead).agreed
    assert (brief.focus, brief.leave_out) == (("ideas",), ("trying",))
    assert brief.pinned["ideas/compare"].minutes == 24


def test_where_there_is_no_agenda_the_one_without_a_wish_can_be_taken():
    """A refusal at the start offers what could be had instead in the menu."""
    start = {"focus": ["ideas", "trying"], **_settled(), "minutes": 40}

    def instead(library, brief, _error):
        other = brief.model_copy(update={"focus": ("trying",)})
        return Instead("without 'Lesson ideas'", other, tiny_plan(library, other))

    held = by_keys([DOWN + ENTER, ACCEPT, DONE], start, instead=instead)
    assert "There is one without 'Lesson ideas'." in held.shown
    assert held.agreed.focus == ("trying",)


def test_numbered_lines_make_the_same_changes(by_lines):
    """A break, a longer step and another order by numbers give the brief that keys give."""
    start = {"focus": ["ideas", "trying"], **_settled()}
    lines = ["6", "10:40", "10", "4", "2", "+5", "7", "2", "1", "1", "1"]
    keys = [
        DOWN * 5 + ENTER, "10:40" + ENTER, "10" + ENTER, DOWN * 3 + ENTER, DOWN + ENTER, "+5" + ENTER,
        DOWN * 6 + ENTER, DOWN + ENTER, ENTER, ACCEPT, DONE,
    ]  # fmt: skip
    held = by_lines(lines, start)
    assert held.agreed == by_keys(keys, start).agreed
    assert (held.agreed.order[0], held.agreed.pinned["ideas/compare"].minutes) == ("trying/draft", 15)
    assert len(held.agreed.breaks) == 1


def test_a_change_that_cannot_be_planned_is_taken_back():
    """The planner's words say why, and the answers are as they were."""
    start = {"focus": ["ideas"], **_settled()}
    held = by_keys([DOWN * 3 + ENTER, DOWN + ENTER, "61" + ENTER, ACCEPT, DONE], start)
    assert "That cannot be planned, so it is taken back:\n  Step compare takes at most 60 minutes." in held.shown
    assert held.agreed.pinned == {}
    assert held.saved[-1].get("pinned") is None


def test_an_answer_is_changed_on_the_review_page():
    """Break, buffer and paper live on the review page, with every other answer."""
    start = {"focus": ["ideas"], **_settled()}
    to_break = DOWN + ENTER + DOWN * 13 + ENTER
    brief = by_keys([to_break, "15" + ENTER, ACCEPT, DONE], start).agreed
    assert brief.break_minutes == 15


def test_the_length_that_would_do_can_be_booked():
    """Where there is no agenda, the planner's own number is offered."""
    start = {"focus": ["ideas", "trying", "speaking", "acting"], "cards": {"voice": "choir", "cause": "towels"}}
    held = by_keys([ENTER, ACCEPT, DONE], {**start, **_settled(), "minutes": 40})
    assert "What is wanted takes 75 minutes." in held.shown
    assert held.agreed.minutes == 75


def test_the_last_look_changes_any_answer():
    """After everything is answered, any answer can be changed, and a changed agenda is shown again."""
    start = {"focus": ["ideas"], **_settled()}
    change_when = DOWN * 2 + ENTER + "9-10" + ENTER
    held = by_keys([ACCEPT, change_when, DONE], start)
    assert (held.agreed.start, held.agreed.minutes) == ("09:00", 60)
    assert held.shown.count("Clock") == 2


def test_a_date_that_makes_the_agenda_impossible_is_noticed_before_the_papers():
    """The planner judges the answers once more when all are given, and its reason is shown."""

    def plan(library, brief):
        if brief.date is not None and brief.date.year > 2026:
            raise RefusedError([Problem("review", "the case was to be reviewed by then.")])
        return tiny_plan(library, brief)

    start = {"focus": ["ideas"], **_settled(without="date")}
    to_date = DOWN * 9 + ENTER
    held = by_keys([ACCEPT, "2027-01-01" + ENTER, to_date, "2026-12-01" + ENTER, DONE], start, plan=plan)
    assert "The case was to be reviewed by then." in held.shown
    assert str(held.agreed.date) == "2026-12-01"


def test_what_is_given_is_not_asked():
    """Answers from --set or a file are not asked again; the rest is."""
    held = by_keys([*SIX[:1], *SIX[2:], ACCEPT, *REST, DONE], {"minutes": "60", "start": "09:00"})
    assert (held.agreed.start, held.agreed.minutes) == ("09:00", 60)
    assert "From when to when?" not in held.shown


def test_contacts_are_asked_until_an_empty_line():
    """Contacts are typed one a line, a wrong one is explained, the last one can be taken back."""
    contacts = ["Ana" + ENTER, "Ana, adviser, room 4" + ENTER, "Bo, nurse, 555" + ENTER, "<" + ENTER, ENTER]
    held = by_keys([ACCEPT, *contacts, DONE], {"focus": ["ideas"], **_settled(without="contacts")})
    assert [(each.name, each.reach) for each in held.agreed.contacts] == [("Ana", "room 4")]
    assert "A contact needs a name, a role and how to reach them" in held.shown


def test_an_answer_is_taken_away_by_a_dash():
    """A dash leaves an optional answer empty."""
    start = {"focus": ["ideas"], **_settled(without="organisation")}
    assert by_keys([ACCEPT, "-" + ENTER, DONE], start).agreed.organisation is None


# ------------------------------------------------------------ stopped, ended, gone on with


def test_ctrl_c_keeps_the_answers():
    """Ctrl-C ends with 130; what was answered has been saved."""
    with pytest.raises(InterruptedAnswersError) as caught:
        by_keys([*SIX[:2], CTRL_C])
    assert caught.value.exit_code == 130
    assert caught.value.conversation.saved[-1]["minutes"] == 90  # type: ignore[attr-defined]
    assert "are kept" in caught.value.problems[0].message


@pytest.mark.parametrize("keys", [[CTRL_C], [ENTER, CTRL_C], [*SIX, CTRL_C], [*SIX, ACCEPT, CTRL_C]])
def test_ctrl_c_works_at_any_prompt(keys):
    """In a list, at a text, under the agenda, after it: Ctrl-C always stops."""
    with pytest.raises(InterruptedAnswersError):
        by_keys(keys)


@pytest.mark.parametrize("keys", [[CTRL_D], [ENTER, CTRL_D], [*SIX[:5], CTRL_D]])
def test_the_end_of_input_names_the_ways_without_questions(keys):
    """Ctrl-D is wrong usage (2), and names --answers and --defaults."""
    with pytest.raises(UsageError) as caught:
        by_keys(keys)
    assert caught.value.exit_code == 2
    assert {"--answers", "--defaults."} <= set(caught.value.problems[0].hint.split())


def test_answers_of_last_time_are_offered_and_used_when_wanted():
    """The answers of an unfinished conversation are shown; going on from them asks only what is left."""
    earlier = {"focus": ["ideas"], "cards": {}, "minutes": 60, "start": "09:00"}
    held = by_keys([ENTER, *SIX[2:], ACCEPT, *REST, DONE], earlier=earlier)
    assert "- When: 09:00 to 10:00, 60 minutes" in held.shown
    assert (held.agreed.focus, held.agreed.minutes) == (("ideas",), 60)


def test_answers_of_last_time_are_never_used_silently():
    """Beginning anew uses nothing of them, and what is given now wins over them in any case."""
    earlier = {"minutes": 60, "start": "09:00"}
    anew = by_keys([DOWN + ENTER, *SIX, ACCEPT, *REST, DONE], earlier=earlier)
    assert (anew.agreed.start, anew.agreed.minutes) == ("10:00", 90)
    on = by_keys([ENTER, *SIX[:1], *SIX[2:], ACCEPT, *REST, DONE], {"minutes": 120}, earlier)
    assert (on.agreed.start, on.agreed.minutes) == ("09:00", 120)


def test_answers_of_last_time_that_are_no_longer_possible_are_not_offered():
    """Answers that the library no longer knows are not offered."""
    held = by_keys([*SIX, ACCEPT, *REST, DONE], earlier={"focus": ["gone"], "minutes": 20})
    assert "Last time" not in held.shown


def test_answers_given_that_are_wrong_are_refused_before_the_first_question():
    """Nobody answers six questions to learn that the seventh answer, given beforehand, was wrong."""
    with pytest.raises(InputError):
        by_keys([], {"focus": ["nothing-like-it"]})


def test_a_full_disk_does_not_stop_the_conversation():
    """Where answers cannot be saved that is said once, and the conversation goes on."""
    conversation = Conversation()

    def full(_answers: Mapping[str, Any]) -> None:
        raise OSError(28, "No space left on device")

    conversation.save = full  # type: ignore[method-assign]
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        pipe.send_text("".join([*SIX, ACCEPT, *REST, DONE]))
        conversation.ask(fancy=True, given={}, earlier=None, plan=tiny_plan)
    assert conversation.shown.count("No space left on device") == 1


def test_a_request_to_end_the_program_ends_it(by_lines):
    """SIGTERM ends the program with its own code, and the handler of before is back."""
    before = signal.getsignal(signal.SIGTERM)
    conversation = Conversation()
    conversation.save = lambda _answers: os.kill(os.getpid(), signal.SIGTERM)  # type: ignore[method-assign, assignment]
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        pipe.send_text("".join(SIX))
        with pytest.raises(SystemExit) as caught:
            conversation.ask(fancy=True, given={}, earlier=None, plan=tiny_plan)
    assert caught.value.code == 143
    assert signal.getsignal(signal.SIGTERM) == before


CHILD = """
import sys
sys.path[:0] = sys.argv[1:]
from tiny_library import tiny_library, tiny_plan
from builder import terminal
terminal.ask(tiny_library(), {}, tiny_plan, lambda answers: None)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_sigterm_leaves_the_terminal_with_echo():
    """A terminal whose conversation is ended from outside shows what is typed again."""
    import pty
    import termios

    here = Path(__file__).parent
    controller, line = pty.openpty()
    try:
        command = [sys.executable, "-c", CHILD, str(here), str(here.parent)]
        child = subprocess.Popen(command, stdin=line, stdout=line, stderr=line, env={**os.environ, "TERM": "xterm"})
        seen = b""
        while b"What is the workshop for?" not in seen:
            seen += os.read(controller, 1000)
        time.sleep(0.2)
        echo_while_asking = termios.tcgetattr(line)[3] & termios.ECHO
        child.terminate()
        code = child.wait(timeout=10)
        echo_after = termios.tcgetattr(line)[3] & termios.ECHO
    finally:
        os.close(controller)
        os.close(line)
    assert (bool(echo_while_asking), bool(echo_after), code) == (False, True, 143)


# ------------------------------------------------------------ by numbered lines


def test_numbered_lines_ask_the_same_questions(by_lines):
    """Without arrow keys the choices are numbered; the brief is the same."""
    lines = ["1", "10-11:30", "16-20", "1", "1", "", "1", "Tuesday", "Harbour Clinic", "2026-12-01", "", "2", "1"]
    assert by_lines(lines).agreed == by_keys([*SIX, ACCEPT, *REST, DONE]).agreed


def test_numbered_lines_go_back_and_explain(by_lines):
    """`<` goes back, a wrong number is explained, several numbers pick several, a dash picks none."""
    lines = ["4", "9 99", "1, 2", "<", "<", "7", "4", "-", "1 2", "90", "18", "1", "1", "1,2", "<", "-"]
    held = by_lines([*lines, "1", "", "", "", "", "", "1"])
    assert "Type a number from 1 to 7 (or several)." in held.shown
    assert "Nothing is picked yet." in held.shown
    assert (held.agreed.focus, held.agreed.participants, held.agreed.access) == (("ideas", "trying"), 18, ())


def test_numbered_lines_say_what_cannot_be_chosen(by_lines):
    """A choice that is closed keeps its number and says why."""
    with pytest.raises(UsageError) as caught:
        by_lines(["4", "4"], {"attendance": "required"})
    shown = caught.value.conversation.shown  # type: ignore[attr-defined]
    assert "The team-name example (disputed) - not now: people have to come" in " ".join(shown.split())
    assert "cannot be chosen now" in shown


def test_input_at_its_end_is_wrong_usage(by_lines):
    """Without a terminal and without input: exit code 2, naming --answers and --defaults."""
    with pytest.raises(UsageError) as caught:
        by_lines([])
    assert "--answers FILE" in caught.value.problems[0].hint
    assert "--defaults" in caught.value.problems[0].hint


def test_no_standard_input_at_all_is_wrong_usage(monkeypatch):
    """A program started without standard input (pythonw) says the same."""
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(UsageError):
        Conversation().ask(fancy=False, given={}, earlier=None, plan=tiny_plan)


class FakeTerminal(io.TextIOWrapper):
    """A file that says it is a terminal."""

    def __init__(self, encoding: str = "utf-8") -> None:
        super().__init__(io.BytesIO(), encoding=encoding)

    def isatty(self) -> bool:
        return True

    def written(self) -> str:
        self.flush()
        assert isinstance(self.buffer, io.BytesIO)
        return self.buffer.getvalue().decode(self.encoding)


@pytest.mark.parametrize(
    ("term", "encoding", "plain", "fancy"),
    [
        ("xterm-256color", "utf-8", False, True),
        ("dumb", "utf-8", False, False),
        ("", "utf-8", False, False),
        ("xterm-256color", "ascii", False, False),
        ("xterm-256color", "utf-8", True, False),
    ],
)
def test_arrow_keys_are_used_only_where_they_work(monkeypatch, term, encoding, plain, fancy):
    """A dumb terminal, an ASCII locale and --plain get numbered questions."""
    monkeypatch.setenv("TERM", term)
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("stdin", "stdout"):
        monkeypatch.setattr(sys, name, FakeTerminal(encoding))
    assert terminal.find_screen(plain=plain).fancy is fancy


def test_without_a_terminal_questions_go_to_standard_error(monkeypatch):
    """Piped output stays free of questions."""
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, io.StringIO())
    screen = terminal.find_screen()
    assert (screen.file is sys.stderr, screen.fancy, screen.width) == (True, False, 100)


# ------------------------------------------------------------ showing


def _plan(**answers: Any) -> Plan:
    given = {
        "title": "Tuesday",
        "minutes": 60,
        "focus": ["ideas", "team-name"],
        "leave_out": ["acting"],
        "max_level": 2,
    }
    return tiny_plan(LIBRARY, parse({**given, **answers}, LIBRARY))


AGENDA = """\
                                              Tuesday

 Clock   Min   What                                    How                       Why
 ──────────────────────────────────────────────────────────────────────────────────────────────────
               Lesson opening
 10:00    10     Step welcome                          ▒▒▒▒▒▒▒▒▒▒ pairs          in focus
               Lesson ideas
 10:10    10     Step compare                          ▒▒▒▒▒▒▒▒▒▒ pairs          in focus
 10:20    10     Step deepen                           ▒▒▒▒▒▒▒▒▒▒ pairs          in focus
               Lesson speaking · case: The team-name
               example
 10:30    10     Step take-apart                       ▚▚▚▚▚▚▚▚▚▚ small groups   in focus
               Lesson closing
 10:40    10     Step round                            ██████████ plenary        in focus
 10:50    10   Kept free                               ▁▁▁▁▁▁▁▁▁▁                for what runs over
 11:00    60   End

One sign of a bar is 1 minute.

Good to know
  - It is full.

Not in it
  - “Lesson acting”: you left it out
"""


def test_an_agenda_is_shown_as_a_table():
    """Clock, minutes, lesson with its case, steps, grouping, reasons; then warnings and what is left out."""
    file = io.StringIO()
    terminal.show(_plan().model_copy(update={"warnings": ("It is full.",)}), LIBRARY, file)
    assert file.getvalue() == AGENDA


def test_an_agenda_is_readable_in_ascii():
    """Where the file knows only ASCII, every sign is replaced by one that it knows."""
    file = FakeTerminal("ascii")
    terminal.show(_plan(title="Tuesday – “tea”"), LIBRARY, file, width=100)
    written = file.written()
    assert 'Tuesday - "tea"' in written
    assert "?" not in written
    assert "\x1b" not in written
    assert "########## small groups" in written


def test_the_bars_are_as_long_as_the_minutes_and_differ_in_their_signs():
    """A step of half the minutes has a bar of half the length; no two kinds share a sign, in ASCII neither."""
    bars = bars_for(_plan(), Screen(io.StringIO(), fixed_width=100))
    plain = bars_for(_plan(), Screen(FakeTerminal("ascii"), fixed_width=100))
    assert (bars.bar("pairs", 10), bars.bar("pairs", 5), bars.bar("break", 1)) == ("▒" * 10, "▒" * 5, "┄")
    assert plain.bar("pairs", 5) == ":::::"
    assert plain.signs.keys() == bars.signs.keys() == {*get_args(Grouping), "break", "transition", "buffer"}
    for signs in (bars.signs, plain.signs):
        assert len(set(signs.values())) == len(signs)


def test_a_narrow_agenda_without_reasons_has_the_grouping_under_its_bar():
    """In 50 columns nothing is wider, and the bar keeps a line of its own."""
    file = io.StringIO()
    terminal.show(_plan(), LIBRARY, file, width=50, reasons=False)
    assert max(map(len, file.getvalue().splitlines())) <= 50
    assert "▚▚▚▚▚▚▚▚▚▚\n" in file.getvalue()
    assert "▚▚▚▚▚▚▚▚▚▚ small" not in file.getvalue()


def test_nothing_is_drawn_for_a_program_that_reads_aloud():
    """Without bars the table has words and numbers only."""
    file = io.StringIO()
    terminal.show(_plan(), LIBRARY, file, bars=False)
    assert "▒" not in file.getvalue()
    assert "sign of a bar" not in file.getvalue()


def test_a_narrow_agenda_puts_the_reason_under_the_step():
    """In 60 columns nothing is wider, and nothing is lost."""
    file = io.StringIO()
    terminal.show(_plan(), LIBRARY, file, width=60)
    assert max(map(len, file.getvalue().splitlines())) <= 60
    assert " 10:30    10     Step take-apart\n                 ▚▚▚▚▚▚▚▚▚▚ small groups · in focus\n" in file.getvalue()


def test_colour_is_left_out_on_wish(monkeypatch):
    """NO_COLOR shows no colours in a terminal."""
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    file = FakeTerminal()
    terminal.show(_plan(), LIBRARY, file, width=100)
    Screen(file, fancy=True, fixed_width=100).say("word", look="bold red")
    assert "\x1b[3" not in file.written().replace("\x1b[3m", "")


def test_nothing_is_said_about_a_score_that_was_not_judged():
    """A plan without a score shows none; one with a score says what it missed."""
    unjudged, judged = io.StringIO(), io.StringIO()
    terminal.show(_plan(), LIBRARY, unjudged)
    terminal.show(_plan().model_copy(update={"score": 0.834, "missed": ("a break",)}), LIBRARY, judged)
    assert "of 100" not in unjudged.getvalue()
    assert "How good a plan\n  - 83 of 100\n  - a break\n" in judged.getvalue()


def test_markup_and_escape_codes_in_titles_are_shown_not_obeyed():
    """A title cannot colour the screen, nor move the cursor."""
    file = io.StringIO()
    plan = _plan()
    titled = plan.brief.model_copy(update={"title": "[red]x\x1b[31m"})
    terminal.show(plan.model_copy(update={"brief": titled}), LIBRARY, file)
    assert "[red]x[31m" in file.getvalue()


def test_problems_are_shown_with_place_and_tip():
    """Each problem is one line with its place and code, then a tip."""
    file = io.StringIO()
    terminal.show_problems([Problem("code", "wrong.", "a.md", 3, 7, "Do this."), Problem("other", "also.")], file)
    assert file.getvalue() == "a.md:3:7: wrong. [code]\n  TIP: Do this.\nalso. [other]\n"


# ------------------------------------------------------------ saved answers


@pytest.fixture
def data_folder(tmp_path, monkeypatch):
    """The folder in which answers are kept during a test."""
    folder = tmp_path / "not yet there"
    monkeypatch.setenv("WORKSHOP_DATA_DIR", str(folder))
    return folder


def test_saved_answers_come_back_until_they_are_forgotten(data_folder):
    """What is saved is loaded, also None and signs of all languages; forgotten, it is gone."""
    saved = {"title": "Ünïcode 🦊\u2028", "minutes": 90, "date": None, "focus": ["ideas"], "managers_present": True}
    kept.save({"title": "first"})
    kept.save(saved)
    assert kept.load() == (saved, [])
    assert [path.name for path in data_folder.iterdir()] == ["answers.json"]
    kept.forget()
    assert kept.load() == ({}, [])
    kept.forget()


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "[" * 100_000, '{"answers": {"minutes": 90}}', '{"program": "workshop-curriculum-builder"}',
        json.dumps({"program": "workshop-curriculum-builder", "answers": {"minuets": 90}}),
        json.dumps({"program": "workshop-curriculum-builder", "answers": {"minutes": "many"}}),
        json.dumps({"program": "workshop-curriculum-builder", "answers": {"title": "x" * 300_000}}),
    ],
)  # fmt: skip
def test_a_damaged_or_foreign_file_is_ignored_with_a_message(data_folder, text):
    """What is not ours, or no longer whole, is named, left alone and not used."""
    data_folder.mkdir()
    (data_folder / "answers.json").write_text(text, encoding="utf-8")
    answers, problems = kept.load()
    assert (answers, [problem.severity for problem in problems]) == ({}, ["warning"])
    assert (data_folder / "answers.json").read_text(encoding="utf-8") == text


def test_a_save_that_fails_leaves_the_answers_of_before(data_folder, monkeypatch):
    """A crash while saving neither loses the old answers nor leaves a half file."""
    kept.save({"minutes": 90})

    def crash(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", crash)
    with pytest.raises(OSError, match="No space"):
        kept.save({"minutes": 60})
    assert kept.load() == ({"minutes": 90}, [])
    assert [path.name for path in data_folder.iterdir()] == ["answers.json"]


# ------------------------------------------------------------ speed


def test_importing_the_terminal_imports_nothing_heavy():
    """Asking for help pays neither for questionary and rich nor for pydantic and platformdirs."""
    heavy = {"questionary", "prompt_toolkit", "rich", "pydantic", "platformdirs", "yaml"}
    code = (
        f"import sys, builder.terminal, builder.questions, builder.answers; print(sorted({heavy} & set(sys.modules)))"
    )
    here = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=here)
    assert done.stdout == "[]\n"


def _settled(without: str = "") -> dict[str, Any]:
    """Answers to all but what the workshop is for."""
    answers = {
        "minutes": 90, "start": "10:00", "participants": 12, "participants_most": 12, "mode": "in-person",
        "attendance": "voluntary", "managers_present": False, "access": [], "interpretation": "none", "title": "T",
        "organisation": None, "date": None, "contacts": [], "large_print": 0,
    }  # fmt: skip
    return {key: value for key, value in answers.items() if key != without}
