"""What is kept: tables, sessions, queries by noun, blobs, migrations."""
