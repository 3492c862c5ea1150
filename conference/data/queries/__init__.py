"""The readers: per noun what may be read, already filtered by who reads."""
