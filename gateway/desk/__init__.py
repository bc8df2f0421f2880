"""The rules of the help desk, as values and functions. Pure."""
