"""What happens to a folder that already holds a kit: look, decide, apply.

`look` says what is there, `decide` (pure) what shall become of each file, `apply` does it so that a crash
between any two steps loses nothing; `write_kit` is the three together, and reports.
"""

from builder.folder.fresh import write_fresh
from builder.folder.names import safe_name
from builder.folder.record import Manifest, Mark, parse_manifest
from builder.folder.report import Report
from builder.folder.rules import Decision, Kept, Removal, Write, decide
from builder.folder.writing import Former, apply, look, write_kit

__all__ = [
    "Decision",
    "Former",
    "Kept",
    "Manifest",
    "Mark",
    "Removal",
    "Report",
    "Write",
    "apply",
    "decide",
    "look",
    "parse_manifest",
    "safe_name",
    "write_fresh",
    "write_kit",
]
