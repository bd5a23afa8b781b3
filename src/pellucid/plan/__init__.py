"""What to do and when: the planner (CP-SAT), its independent checker, fitting slots."""
