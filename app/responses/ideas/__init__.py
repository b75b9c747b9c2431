"""Unsolicited ideas: a provider proposes one to all departments at once, and sees what each makes of it."""
