"""The planner's numbers, read once from `numbers.toml`, which names the source of each."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def numbers() -> Mapping[str, Mapping[str, Any]]:
    """The tables of `numbers.toml`."""
    return tomllib.loads(files("builder.planner").joinpath("numbers.toml").read_text(encoding="utf-8"))
