"""The same questionnaire in a browser: one more shell around the same rooms, on this machine only, for one person."""
