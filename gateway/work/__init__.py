"""The units of work: accept, handle, act, tick, send, read, purge. The only place that opens transactions."""
