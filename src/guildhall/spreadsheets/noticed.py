"""What is strange about a table and no reason to refuse it, with its rows. Whoever uses the table may add kinds.

However often something is seen, its count is exact and only its first places are kept.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

MOST_PLACES = 20


class Hidden(StrEnum):
    """What somebody who opens a file does not see."""

    ROWS = "hidden-rows"
    COLUMNS = "hidden-columns"
    SHEETS = "other-sheets"


@dataclass(frozen=True, slots=True)
class Place:
    """Rows, from the first to the last, about which the same is noticed; ``about`` is a column, or an earlier row."""

    first: int
    last: int
    about: str = ""


@dataclass(slots=True)
class Seen:
    """How often something was noticed, and where at first; of what has an extent, what it adds up to."""

    count: int = 0
    extent: int = 0
    places: list[Place] = field(default_factory=list)

    def add(self, row: int, about: str, *, rows: int = 1) -> None:
        self.count += rows
        last = row + rows - 1
        goes_on = next(
            (at for at, place in enumerate(self.places) if (place.last + 1, place.about) == (row, about)), None
        )
        if goes_on is not None:
            self.places[goes_on] = Place(self.places[goes_on].first, last, about)
        elif len(self.places) < MOST_PLACES:
            self.places.append(Place(row, last, about))


class Notices:
    """Everything that was noticed about a table, by kinds that are words."""

    def __init__(self) -> None:
        self._seen: dict[str, Seen] = {}

    def add(self, kind: str, row: int, about: str = "", *, extent: int = 0, rows: int = 1) -> None:
        """Add something that was noticed about a row, or about so many from it on."""
        seen = self._seen.setdefault(kind, Seen())
        seen.add(row, about, rows=rows)
        seen.extent += extent

    def add_many(self, kind: str, rows: Iterable[int], count: int, about: str) -> None:
        """Add something that was noticed so often, in rows of which these are the first."""
        seen = self._seen.setdefault(kind, Seen())
        before = seen.count
        for row in rows:
            seen.add(row, about)
        seen.count = before + count

    def __iter__(self) -> Iterator[str]:
        """Go through the kinds of which something was noticed."""
        return iter(self._seen)

    def __getitem__(self, kind: str) -> Seen:
        return self._seen.get(kind, Seen())

    def kept(self) -> dict[str, object]:
        """Return everything as it is stored."""
        return {
            str(kind): {
                "count": seen.count,
                "extent": seen.extent,
                "places": [[each.first, each.last, each.about] for each in seen.places],
            }
            for kind, seen in self._seen.items()
        }


def notices_from(kept: Mapping[str, Mapping[str, object]]) -> Notices:
    """Return what ``Notices.kept`` returned."""
    notices = Notices()
    for name, seen in kept.items():
        places = [Place(first, last, about) for first, last, about in seen["places"]]  # type: ignore[attr-defined]
        notices._seen[name] = Seen(int(str(seen["count"])), int(str(seen.get("extent", 0))), places)
    return notices
