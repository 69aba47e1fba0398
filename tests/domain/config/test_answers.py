"""An answer that nobody reads keeps a thread waiting, not the house; a short one keeps none."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from guildhall.config.answers import SHORT, with_bounded_answers
from guildhall.config.bodies import Waiting, with_bounded_bodies

PIECE = b"x" * 4096
MANY = SHORT // len(PIECE) + 1


class Pieces:
    """An answer in so many pieces, which knows how many were taken and whether it was closed."""

    def __init__(self, count: int) -> None:
        self.left, self.is_closed = count, False

    def __iter__(self) -> Iterator[bytes]:
        while self.left:
            self.left -= 1
            yield PIECE

    def close(self) -> None:
        self.is_closed = True


class House:
    """The house with four threads, of which three may wait, and two for one network."""

    def __init__(self) -> None:
        waiting = Waiting(4)
        self._application = with_bounded_bodies(with_bounded_answers(self._answer, waiting), waiting)
        self.told = ""

    def ask(self, answer: Iterable[bytes], address: str = "192.0.2.1") -> Iterable[bytes]:
        self._next = answer
        return self._application({"wsgi.input": None, "REMOTE_ADDR": address}, self._tell)

    def _answer(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [])
        return self._next

    def _tell(self, status: str, headers: object) -> None:
        self.told = status


@pytest.mark.parametrize("count", [0, 1, MANY - 1])
def test_a_short_answer_is_given_to_the_server_whole(count: int) -> None:
    """What is a list, it joins and sends by itself (granian/wsgi.py)."""
    answer = Pieces(count)
    given = House().ask(answer)
    assert (type(given), b"".join(given), answer.is_closed) == (list, PIECE * count, True)


def test_a_long_answer_comes_as_it_is_read() -> None:
    house, answer = House(), Pieces(3 * MANY)
    given = house.ask(answer)
    assert (answer.left, answer.is_closed) == (2 * MANY, False)
    assert sum(map(len, given)) == 3 * MANY * len(PIECE)
    given.close()  # type: ignore[attr-defined]
    assert answer.is_closed


def test_long_answers_that_nobody_reads_leave_threads_for_others_and_let_go() -> None:
    house, refused = House(), Pieces(MANY)
    unread = [house.ask(Pieces(MANY)) for _ in range(2)]
    assert b"slowly" in b"".join(house.ask(refused))
    assert (house.told, refused.is_closed) == ("503 Service Unavailable", True)
    assert (b"".join(house.ask(Pieces(1))), house.told) == (PIECE, "200 OK")
    unread.append(house.ask(Pieces(MANY), "192.0.2.2"))
    assert house.told == "200 OK"
    assert b"slowly" in b"".join(house.ask(Pieces(MANY), "192.0.2.3"))
    for each in unread:
        each.close()  # type: ignore[attr-defined]
    assert len(list(house.ask(Pieces(MANY)))) == MANY


def test_an_answer_that_breaks_is_closed_and_counts_no_longer() -> None:
    def broken() -> Iterator[bytes]:
        yield PIECE
        raise ValueError("the answer breaks")

    house = House()
    for _ in range(4):
        with pytest.raises(ValueError, match="the answer breaks"):
            house.ask(broken())
    assert len(list(house.ask(Pieces(MANY)))) == MANY
