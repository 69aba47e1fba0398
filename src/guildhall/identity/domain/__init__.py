"""The rules of proving who you are, as plain values: no database, clock, settings or randomness."""
