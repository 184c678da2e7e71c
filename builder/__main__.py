"""`python -m builder` is the same as `workshop`."""

from builder.cli import main

main()
