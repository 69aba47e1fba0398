"""A small site of example pages: each kind of question, list and message, dressed by design alone."""
