"""The officers' pages about letters."""
