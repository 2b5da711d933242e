"""The site: the published chats as static pages, in a folder that any web server can show."""
