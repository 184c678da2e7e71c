"""The agenda as a calendar file (iCalendar, RFC 5545): bytes, the same for the same plan."""

import datetime

from builder.model import Plan


def calendar(plan: Plan, code: str) -> bytes:
    """One event with the workshop's title and times; floating time where the brief names no zone.

    The brief must have a date. Titles of cases are left out, as on the wall.
    """
    from zoneinfo import ZoneInfo

    from icalendar import Calendar, Event

    brief = plan.brief
    if brief.date is None:
        message = "a calendar needs a date"
        raise ValueError(message)
    zone = ZoneInfo(brief.timezone) if brief.timezone else None
    midnight = datetime.datetime.combine(brief.date, datetime.time(), tzinfo=zone)
    start = midnight + datetime.timedelta(minutes=brief.start_minute)
    event = Event()
    event.add("summary", brief.title)
    event.add("dtstart", start)
    event.add("dtend", _later(start, plan.agenda.minutes))
    event.add("dtstamp", datetime.datetime.combine(brief.date, datetime.time(), tzinfo=datetime.UTC))
    event.add("uid", f"{code.lower()}-{brief.date:%Y%m%d}@workshop-curriculum-builder")
    event.add("description", f"{plan.agenda.minutes} minutes. Plan {code}.")
    file = Calendar()
    file.add("prodid", "-//workshop curriculum builder//EN")
    file.add("version", "2.0")
    file.add_component(event)
    if zone is not None:
        file.add_missing_timezones()
    return bytes(file.to_ical())


def _later(start: datetime.datetime, minutes: int) -> datetime.datetime:
    """`minutes` after `start`, also where the clocks change in between."""
    length = datetime.timedelta(minutes=minutes)
    if start.tzinfo is None:
        return start + length
    return (start.astimezone(datetime.UTC) + length).astimezone(start.tzinfo)
