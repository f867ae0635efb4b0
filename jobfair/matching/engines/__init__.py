"""Ways to rank a whole fair besides the threads of this process."""
