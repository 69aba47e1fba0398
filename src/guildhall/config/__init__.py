"""The top of the house: settings, addresses, the wiring of modules, and the commands that start and keep it."""
