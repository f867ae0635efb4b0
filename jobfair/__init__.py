"""Jobfair: labour matching, job fairs and what comes after."""
