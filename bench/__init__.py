"""Measurements, side by side with peers: `python -m bench [name…]`. See README.md."""
