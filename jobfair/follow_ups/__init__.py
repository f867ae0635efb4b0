"""Whether people are still on post: checkpoints, calls, rights cases, the employer's month."""
