"""Who is asking: questionnaire, profile, assessment, screening, permitted spans of days, options and routine."""
