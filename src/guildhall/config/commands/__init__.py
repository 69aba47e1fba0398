"""The commands of ``./guildhall``, a module each: ``run(options, installation)`` returns the exit code."""
