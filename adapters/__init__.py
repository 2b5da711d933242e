"""One adapter for each platform. Each imports the ports, the messages, the errors and its own library; nothing else."""
