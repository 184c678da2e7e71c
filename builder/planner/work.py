"""How much a search may do: counted in pieces of work and never by the clock, so that all computers agree."""

WAY, NEAREST, COURSE, ORDER, SEAT, MINUTES = 2, 7, 14, 5, 2, 30
"""What each piece costs, in about a hundredth of a millisecond on a laptop: the bound of some steps; how near
to usual they can be, for each count of breaks; judging an order; listing places; one of them; its minutes."""


class Work:
    """What is left of the work that a search may do; `spent` says that something was left undone."""

    def __init__(self, left: int) -> None:
        """So many pieces of work."""
        self.left = left
        self.spent = False

    def take(self, pieces: int) -> bool:
        """Take some pieces; whether there were any left."""
        self.spent = self.spent or self.left <= 0
        self.left -= pieces
        return not self.spent

    def part(self, pieces: int) -> "Work":
        """At most so many pieces of what is left, to be used by themselves."""
        return Work(min(pieces, self.left))
