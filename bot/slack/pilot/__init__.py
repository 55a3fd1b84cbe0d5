"""The pilot at the desk: its set-up, its week, its report."""
