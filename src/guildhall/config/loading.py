"""Loading the program, without looking meanwhile for what could be freed: it is kept, and the looking took a tenth."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """Leave Python's search for unreachable objects out while the program is loaded."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
