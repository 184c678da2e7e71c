"""Workshop curriculum builder: lessons and a brief become a timed agenda and Word papers."""

__version__ = "0.1.0"
