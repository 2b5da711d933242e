"""What is true on the pretend Discord, as a test asks for it."""

from __future__ import annotations

from tests.sims.discord_world import BOT, REPLY, SYSTEM, Json, Message, World, moment


def whole(world: World) -> Json:
    """All there is."""
    said = [one for one in world.messages.values() if one.type not in SYSTEM]
    notices = [one for one in world.messages.values() if one.type in SYSTEM]
    return {
        "messages": [message(world, one) for one in said],
        "system": [message(world, one) for one in notices],
        "deleted": [message(world, one) for one in world.deleted],
        "threads": [
            {
                "id": str(one.id),
                "name": one.name,
                "tags": [str(id) for id in one.tags],
                "parent": str(one.parent),
                "archived": one.archived,
                "locked": one.locked,
            }
            for one in world.threads()
        ],
        "events": list(world.events.values()),
        "commands": list(world.commands.values()),
        "people": [
            {"id": str(one.id), "name": one.name, "roles": [str(id) for id in one.roles], "until": one.until}
            for one in world.people.values()
        ],
    }


def message(world: World, one: Message) -> Json:
    """A message as a test asks for it."""
    return {
        "id": str(one.id),
        "channel": str(one.channel),
        "by": world.people[one.author].name,
        "content": one.content,
        "type": one.type,
        "nonce": one.nonce,
        "reply_to": str(one.reply_to) if one.type == REPLY else None,
        "pinned": one.pinned is not None,
        "edited": one.edited is not None,
        "attachments": [
            {"filename": file["filename"], "description": file.get("description")} for file in one.attachments
        ],
        "allowed_mentions": one.allowed_mentions,
        "mentions": [world.people[id].name for id in one.mentions],
        "mention_roles": [world.roles[id].name for id in one.mention_roles],
        "reactions": {name: [world.people[id].name for id in by] for name, by in one.reactions.items()},
        "to": _recipient(world, one),
        "bot": one.author == BOT,
        "at": moment(one.id),
    }


def _recipient(world: World, one: Message) -> str | None:
    """With whom the bot is alone there."""
    room = world.channels.get(one.channel)
    return world.people[room.recipient].name if room and room.recipient else None
