"""资助: grants paid to students, whether they were at school, and their own statement."""
