"""The officers' side: the list of cases, a case, and what can be done to it."""
