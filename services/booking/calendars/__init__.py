"""Partners' own calendars as sessions: fetching and reading them, what is to be done, and who has one followed."""
