"""Cells of files for spreadsheet programs: whatever somebody typed, none is a formula there."""

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def defuse(cell: str) -> str:
    """Return a cell that no spreadsheet program takes for a formula; ``as_typed`` makes it the same again.

    >>> defuse("=1+1"), defuse("Jo"), defuse("'=1+1")
    ("'=1+1", 'Jo', "''=1+1")
    """
    return f"'{cell}" if _is_formula(cell) else cell


def as_typed(cell: str) -> str:
    """Return what ``defuse`` was given.

    >>> as_typed("'=1+1"), as_typed("'Jo")
    ('=1+1', "'Jo")
    """
    return cell[1:] if cell.startswith("'") and _is_formula(cell) else cell


def _is_formula(cell: str) -> bool:
    """Whether a cell is a formula, perhaps one that was made harmless by apostrophes."""
    return cell.lstrip("'").startswith(_FORMULA_SIGNS)
