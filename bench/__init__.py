"""Measurements and trials, run by ``./guildhall bench NAME``. Each module but ``harness`` is one of them."""
