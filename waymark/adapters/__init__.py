"""How the core meets databases, files, clocks and other programs."""
