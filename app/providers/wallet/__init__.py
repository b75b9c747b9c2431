"""The evidence wallet: all claims of past work of one provider, for its own staff."""
