"""Three stories on the real parts, told by ``reflexarc demo``; the tests play them too."""
