"""Reviews: the officers' work on a closed need, from opening to the last feedback."""
