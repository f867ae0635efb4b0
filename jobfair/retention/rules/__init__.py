"""Courses, rates and curves. Pure."""
