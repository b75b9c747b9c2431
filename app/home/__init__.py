"""Home: the front page and each role's desk."""
