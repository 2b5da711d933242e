"""During: what people tell the bot to do. Commands come here from every place, are carried out once, and answered."""
