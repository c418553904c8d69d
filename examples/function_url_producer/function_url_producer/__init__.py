"""Publishing what comes in through a function URL."""
