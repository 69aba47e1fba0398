"""The council's work on what a resident asked for: a workflow as data, and a history that cannot be rewritten."""
