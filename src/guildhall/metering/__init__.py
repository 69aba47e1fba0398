"""Metering: who used how much of what, what of it is free, and what the rest costs."""
