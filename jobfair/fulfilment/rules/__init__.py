"""The pure part: what is owed by when, what is answered, how promises are weighed, who differs."""
