"""Comments: what owners and officers say to each other about sections while a need is drafted."""
