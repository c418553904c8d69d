"""An order service whose consumers listen on an event bus."""
