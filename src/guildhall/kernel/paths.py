"""Numbers in the paths of addresses: ``<number:version>``. Django's own ``int`` takes any number of digits."""

from guildhall.kernel.outside import LARGEST_INTEGER


class Number:
    """A number that a column of integers holds."""

    regex = "[0-9]{1,10}"

    def to_python(self, value: str) -> int:
        """Return the number.

        :raises ValueError: it is too large, so that Django finds no such address.
        """
        number = int(value)
        if number > LARGEST_INTEGER:
            raise ValueError("no such number")
        return number

    def to_url(self, value: int) -> str:
        return str(value)
