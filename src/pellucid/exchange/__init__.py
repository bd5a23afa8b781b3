"""How a result leaves: the JSON report with its schema, and the HTML report."""
