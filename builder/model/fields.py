"""The types that the models share: names, times, minutes, and how text becomes them."""

import datetime
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

Phase = Literal["opening", "concept", "case", "practice", "closing"]
PHASES: tuple[Phase, ...] = get_args(Phase)
"""All phases, in teaching order."""
FRAME: tuple[Phase, ...] = ("opening", "closing")
"""The phases that are not content."""
Grouping = Literal["solo", "pairs", "threes", "small groups", "plenary"]
Interaction = Literal["active", "mixed", "expository"]
Access = Literal[
    "step-free", "seated", "captions", "sign-language", "microphone", "screen-reader", "no-camera", "material-ahead"
]
VariantName = Literal["threes", "online", "seated"]
SlotKind = Literal["activity", "break", "transition", "buffer"]
Per = Literal["person", "group", "room"]

LEVEL_NAMES: tuple[str, ...] = ("fictional", "settled history", "disputed", "disputed and living")
CONTESTED_FROM = 2
LIVING = 3
FEWEST_READINGS = 3
"""What a contested card needs: with fewer it is one-sided."""
ID = r"[a-z0-9]+(?:-[a-z0-9]+)*"

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]
Name = Annotated[str, StringConstraints(pattern=rf"^{ID}$", max_length=80)]
FullId = Annotated[str, StringConstraints(pattern=rf"^{ID}(?:/{ID})?$", max_length=161)]
Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$")]


def _clock(text: Any) -> Any:
    match = re.fullmatch(r"(\d{1,2}):(\d{2})", text.strip()) if isinstance(text, str) else None
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise PydanticCustomError("clock", "must be a time of day such as 09:30, from 00:00 to 23:59")
    return f"{int(match[1]):02}:{match[2]}"


def _date(text: Any) -> Any:
    if isinstance(text, datetime.date):
        return text
    try:
        if re.fullmatch(r"(?:19|2[0-9])\d{2}-\d{2}-\d{2}", text):
            return datetime.date.fromisoformat(text)
    except (TypeError, ValueError):
        pass
    raise PydanticCustomError("date", "must be a date such as 2026-12-01")


def _timezone(name: str) -> str:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise PydanticCustomError("timezone", "must be a time zone such as Europe/Dublin") from None
    return name


def _number(text: Any) -> Any:
    if isinstance(text, Fraction):
        return text
    written = str(text).strip()
    try:
        number = Fraction(written) if re.fullmatch(r"[-+]?[\d./]{1,12}", written) else None
    except (ValueError, ZeroDivisionError):
        number = None
    if number is None:
        raise PydanticCustomError("number", "must be a number such as 0.5")
    if not 0 <= number <= 1000:
        raise PydanticCustomError("number", "must be from 0 to 1000")
    return number


def read_break_minutes(text: Any) -> Any:
    """`auto`, or whole minutes from 0 to 60."""
    if text == "auto":
        return text
    try:
        minutes = int(text)
    except (TypeError, ValueError):
        minutes = -1
    if not 0 <= minutes <= 60:
        raise PydanticCustomError("break-minutes-range", "must be auto, or whole minutes from 0 to 60")
    return minutes


def one_or_many(value: Any) -> Any:
    """A single mapping stands for a list of one."""
    return (value,) if isinstance(value, Mapping) else value


Clock = Annotated[str, BeforeValidator(_clock)]
Date = Annotated[datetime.date, BeforeValidator(_date)]
Timezone = Annotated[str, AfterValidator(_timezone)]
Number = Annotated[Fraction, BeforeValidator(_number)]
WholeMinutes = Annotated[int, Field(ge=1, le=480)]


class Frozen(BaseModel):
    """A value: never changed after it is made, and nothing unknown in it."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)
