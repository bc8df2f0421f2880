"""Letters that go out: composed, kept, sent, tried again."""
