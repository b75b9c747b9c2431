"""What a response promises beside its words: a team by name, knowledge that is passed on, assets that are released."""
