"""The room: our own web page for a chat, an adapter like any other.

Readers and participants need no account, no JavaScript and nothing from another host. The room stores nothing: it
reports messages to the listener, and reads what it shows from the conversation view.

From the socket to the page:

- `settings` has the settings and traits; `platform` is the `Platform`; `http_server` serves it; `app` has the routes
  and headers, `errors` the error pages, `app_context` all that handlers share.
- `sessions`, `private_links`, `rate_limits` say who sends a request, and how often; `forms` and `input_rules` check
  what they send.
- `pages` answers GETs, `participant_posts` POSTs; `host_page` is for hosts and moderators.
- `own_choices` and `own_data` are the pages about the record and about what is held on a person; `typed_requests` leads
  there whoever types such a wish as a message.
- `page_model` reads a chat, `personal_pages` and `render` make HTML of it, `live_updates` streams its changes.
- `browser_client` uses the room as a browser without JavaScript does, for rehearsals and tests.
"""
