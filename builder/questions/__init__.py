"""What we ask and how it is worded: one definition for the terminal and the web page; raw answers to a brief."""

from builder.questions import changes
from builder.questions.changes import swappable
from builder.questions.first import FIRST, case_question
from builder.questions.later import AFTER, REVIEW, title_of
from builder.questions.layers import defaults, layered, settings, shape_problems
from builder.questions.packed import pack_defaults, told_of_limits, told_of_packs
from builder.questions.parsed import parse, references, so_far, usable
from builder.questions.shape import LEAVES_EMPTY, Choice, Given, Kind, Part, Question, SoFar, Values
from builder.questions.written import write

QUESTIONS: tuple[Question, ...] = (*FIRST, *AFTER, *REVIEW)

__all__ = [
    "LEAVES_EMPTY",
    "QUESTIONS",
    "Choice",
    "Given",
    "Kind",
    "Part",
    "Question",
    "SoFar",
    "Values",
    "case_question",
    "changes",
    "defaults",
    "layered",
    "next_open",
    "pack_defaults",
    "parse",
    "references",
    "settings",
    "shape_problems",
    "so_far",
    "swappable",
    "title_of",
    "told_of_limits",
    "told_of_packs",
    "usable",
    "write",
]


def next_open(so: SoFar, part: Part, after: str = "") -> Question | None:
    """The next question of a part that still has to be asked, from the one just answered on."""
    questions = [question for question in QUESTIONS if question.part == part]
    names = [question.name for question in questions]
    begin = names.index(after) if after in names else 0
    waiting = (question for question in questions[begin:] if question.is_open(so))
    return next((question for question in waiting if question.name != after or not question.once), None)
