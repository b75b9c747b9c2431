"""Needs from elsewhere: files of opportunities and challenges, read row by row."""
