"""Mail that comes in: the doors, and how a mail is read and judged."""
