"""Importing XGov form definitions, version 2."""

from guildhall.services.forms.domain.xgov.importing import CannotImport, Imported, import_xgov, looks_like_xgov

__all__ = ["CannotImport", "Imported", "import_xgov", "looks_like_xgov"]
