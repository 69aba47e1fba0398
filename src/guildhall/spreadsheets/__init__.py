"""Tables of any make: text files and spreadsheets are read as a stream of rows, and written so that none is a formula.

Pure. ``opening`` reads what somebody uploaded, within bounds; ``writing`` is the one writer of files for spreadsheets.
"""
