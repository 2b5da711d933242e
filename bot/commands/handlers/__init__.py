"""What each command does. One function a command, named after it."""
