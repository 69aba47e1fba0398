"""The child that looks through strangers' PDFs: questions come in on one pipe, answers go out on another.

Each is four bytes of length and as many of MessagePack. The child may use only so much memory and computing time, and
write no files; its parent ends it when it takes too long, and begins another.
"""

import resource
import sys

import msgspec

from guildhall.contact.postcode import accept_invented_postcodes
from guildhall.notify.domain.paper.examining import examine

MOST_MEMORY = 640 * 1024 * 1024
MOST_SECONDS = 10
"""Of computing, for one letter. Even a child whose parent has died ends by it."""


class Question(msgspec.Struct, frozen=True):
    """A letter to look through."""

    pdf: bytes
    may_be_abroad: bool
    may_be_invented: bool


def main() -> None:
    """Answer until there are no more questions."""
    for limit, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(limit, (most, most))
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    while length := questions.read(4):
        question = msgspec.msgpack.decode(questions.read(int.from_bytes(length, "big")), type=Question)
        _take_no_longer()
        if question.may_be_invented:
            accept_invented_postcodes()
        answer = msgspec.msgpack.encode(examine(question.pdf, may_be_abroad=question.may_be_abroad))
        answers.write(len(answer).to_bytes(4, "big") + answer)
        answers.flush()


def _take_no_longer() -> None:
    spent = resource.getrusage(resource.RUSAGE_SELF)
    until = int(spent.ru_utime + spent.ru_stime) + 1 + MOST_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main()
