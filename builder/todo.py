"""What an author still has to write: every place in a library that says `TODO:`."""

from collections.abc import Iterator, Mapping

from builder.problems import Problem
from builder.strict import shortened

MARK = "TODO:"
LONGEST = 120


def to_dos(texts: Mapping[str, str]) -> Iterator[Problem]:
    """A warning for each line that says `TODO:`, in each of the `texts` by their paths."""
    for path, text in texts.items():
        for number, line in enumerate(text.split("\n"), 1):
            before, mark, after = line.partition(MARK)
            if mark:
                what = shortened(after.strip(' "]}'), LONGEST) or "say what belongs here"
                hint = "Write it, and take 'TODO:' out."
                yield Problem("to-do", f"to do: {what}", path, number, len(before) + 1, hint, "warning")
