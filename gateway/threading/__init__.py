"""Which conversation a mail belongs to, and what in it is new. Pure."""
