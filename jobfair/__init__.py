"""Jobfair: labour matching, job fairs and what comes after."""

import os

# Names are read one character at a time: the list of phrases, a sixth of every start, is not used.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
