"""What a subsidy asks for, who is entitled to it, how a claim goes on. Pure."""
