"""Payments as decisions on plain values: keys, ids, states, cards, what may be asked for."""
