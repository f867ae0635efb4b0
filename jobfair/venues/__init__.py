"""Where a fair takes place: its zones and booths on a map, exhibitors, signs, public pages."""
