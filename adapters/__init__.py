"""One room a platform. Each knows the port, the messages, the errors, and its own library; nothing else."""
