"""What a need looks at first: live candidates for each of the three questions, and the form that answers them."""
