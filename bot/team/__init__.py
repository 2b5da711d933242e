"""The team's page behind its port: drafts of chats become chat files. It draws no page and knows no platform."""
