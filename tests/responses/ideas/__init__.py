"""Ideas, unsolicited."""
