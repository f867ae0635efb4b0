"""Employers and the positions they offer: 用人单位与岗位."""
