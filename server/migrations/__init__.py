"""The history of the schema, one numbered file a step; every city's schema walks the same steps."""
