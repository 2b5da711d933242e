"""Before: from text to Chat, or every doubt with its line. Nothing here knows a platform, a store or a clock."""
