"""The words of the payment pages that GOV.UK Pay uses too, in both languages (``data/page_labels.csv``)."""

import csv
from functools import lru_cache
from importlib.resources import files

from guildhall.design.languages import Text
from guildhall.design.pages.speaking import current_language


def label(key: str, *inserted: str) -> str:
    """Return a label in the language of the page, with what belongs where it says ``%s``."""
    return _labels()[key].in_(current_language()).replace("%s", "{}").format(*inserted)


@lru_cache(maxsize=1)
def _labels() -> dict[str, Text]:
    text = files("guildhall.pay").joinpath("data/page_labels.csv").read_text("utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {row["key"]: Text(row["en"], row["cy"]) for row in rows}
