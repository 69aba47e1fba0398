"""Adapters of payment service providers. Only ``config/wiring.py`` chooses among them."""
