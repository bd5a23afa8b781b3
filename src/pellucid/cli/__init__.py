"""The command line: arguments, printing and exit codes; no decisions are made here."""
