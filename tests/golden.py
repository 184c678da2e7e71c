"""Expected texts that a person can read, in files: compared exactly, and written anew where RENEW is set."""

import os
from pathlib import Path

RENEW = "RENEW"


def compare(path: Path, text: str) -> None:
    """Assert that `text` is what the file holds; with RENEW=1 in the environment, make it so instead."""
    if os.environ.get(RENEW):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    assert path.is_file(), f"{path.name} is not there yet; {RENEW}=1 writes it"
    assert text == path.read_text(encoding="utf-8"), f"if this is as it should be, renew the file with {RENEW}=1"
