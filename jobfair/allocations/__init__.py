"""Plans of whole fairs: made, compared, corrected by hand, turned into invitations."""
