"""The pure core: facts in, rankings and reasons out. Imports neither web nor database.

Sex, ethnic group, marital status, religion and hukou kind are not among the facts, so nothing
computed here can depend on them (Employment Promotion Law, articles 3 and 26 to 31).
"""
