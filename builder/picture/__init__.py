"""An agenda drawn as a line of time: who works with whom, from when to when, in shades and patterns without colour."""

from builder.picture.canvas import compressed
from builder.picture.timeline import said, timeline

__all__ = ["compressed", "said", "timeline"]
