"""A postal address as a letter's values: the seven lines that templates and programs know by name."""

from collections.abc import Mapping

from guildhall.contact.postal_address import MOST_LINES, PostalAddress
from guildhall.notify.domain.personalisation import Personalisation

LINE_NAMES = tuple(f"address_line_{number}" for number in range(1, MOST_LINES + 1))


def address_from(given: Mapping[str, object], *, may_be_abroad: bool) -> PostalAddress:
    """Return the address in a letter's values: lines 1 to 6, and line 7 or (where that is absent) the postcode."""
    values = Personalisation(given)
    last = "address_line_7" if "address_line_7" in values else "postcode"
    lines = (values.get(name) for name in (*LINE_NAMES[:-1], last))
    return PostalAddress("\n".join(str(line) for line in lines if line is not None), may_be_abroad)


def values_of(address: PostalAddress) -> dict[str, str]:
    """Return the lines under their names.

    The last line is also the postcode, but for the forces: their number is last and their postcode before it.
    """
    *first, last = address.lines or ("",)
    postcode = last if address.bfpo_number is None else address.postcode or ""
    if address.bfpo_number is not None and postcode:
        first = [*first[:-1][:5], *[""] * (6 - len(first)), postcode]
    named = dict(zip(LINE_NAMES[:-1], (*first, *[""] * MOST_LINES), strict=False))
    return {**named, "postcode": postcode, "address_line_7": last}
