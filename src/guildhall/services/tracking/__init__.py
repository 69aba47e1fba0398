"""Where a resident sees how far the council has got, in plain words. It knows nothing of forms or of officers' work."""
