"""Workflows, and the chained history of a case."""
