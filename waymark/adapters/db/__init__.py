"""The database: tables, repositories and the unit of work. The one place that knows SQL."""
