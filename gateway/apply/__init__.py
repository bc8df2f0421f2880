"""A verdict or an action, written: ticket, message, event, timers, outbox. The only writer of tickets."""
