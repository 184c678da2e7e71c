"""An organisation's own Word file, let in only where nothing in it can run, fetch or burst.

`named` finds the file that a brief names, `opened` unpacks and judges its bytes. What comes out is values: parts as
bytes, and the threads between them. Whoever puts papers on it need not ask again.
"""

from builder.letterhead.archive import unpacked
from builder.letterhead.found import find, named, seen_from
from builder.letterhead.guard import opened
from builder.letterhead.package import OFFICE, Letterhead, Thread

__all__ = ["OFFICE", "Letterhead", "Thread", "find", "named", "opened", "seen_from", "unpacked"]
