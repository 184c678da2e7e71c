"""The agenda of each example, as `workshop plan` prints it: whoever changes lessons or planner sees what it does.

To renew them: RENEW=1 python -m pytest tests/test_agendas.py, then read what changed.
"""

import io
from pathlib import Path

import pytest
from golden import compare

from builder import planner, terminal

ROOT = Path(__file__).parent.parent
AGENDAS = Path(__file__).parent / "data" / "agendas"
EXAMPLES = sorted(path.stem for path in (ROOT / "examples").glob("*.yaml"))


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_agenda_of_an_example_is_the_one_that_was_read(library, example, name):
    """Clock, minutes, reasons, what is not in it, score and what was missed stand as in the file, in 100 columns."""
    file = io.StringIO()
    terminal.show(planner.plan(library, example(name)), library, file, width=100)
    compare(AGENDAS / f"{name}.txt", file.getvalue())


def test_every_agenda_that_is_kept_belongs_to_an_example():
    """An example that is gone leaves no agenda behind."""
    assert sorted(path.stem for path in AGENDAS.iterdir()) == EXAMPLES
