"""Letters: accepted, looked through, picked up at half past five, printed and sometimes returned."""
