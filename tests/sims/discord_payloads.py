"""The JSON of the pretend Discord: complete objects as the published description has them, made from the truth."""

from __future__ import annotations

import re

from tests.sims.discord_world import (
    BOT,
    BOT_ROLE,
    DM,
    FORUM,
    GUILD,
    HAS_THREAD,
    OWNER,
    PINNED,
    SYSTEM,
    TALK,
    THREAD,
    Channel,
    Json,
    Message,
    Person,
    Role,
    World,
    moment,
)

_FLAGS = {"presences": 1 << 13, "members": 1 << 15, "message_content": 1 << 19}
"""An application's flags for the privileged intents it was given."""

_SINCE = "2026-01-01T00:00:00.000000+00:00"


def user(person: Person) -> Json:
    return {
        "id": str(person.id),
        "username": re.sub(r"[^a-z0-9._]+", ".", person.name.lower()),
        "avatar": None,
        "discriminator": "0000" if person.bot else "0",
        "public_flags": 0,
        "flags": 0,
        "bot": person.bot,
        "banner": None,
        "accent_color": None,
        "global_name": None if person.bot else person.name,
        "avatar_decoration_data": None,
        "collectibles": None,
        "primary_guild": None,
    } | ({"username": person.name} if person.bot else {})


def myself(world: World) -> Json:
    return user(world.people[BOT]) | {"mfa_enabled": False, "locale": "en-US", "verified": True, "email": None}


def membership(person: Person) -> Json:
    """A member without the user, as a message's event carries it."""
    return {
        "avatar": None,
        "banner": None,
        "communication_disabled_until": person.until,
        "flags": 0,
        "joined_at": _SINCE,
        "nick": None,
        "pending": False,
        "premium_since": None,
        "roles": [str(id) for id in person.roles],
        "mute": False,
        "deaf": False,
    }


def member(person: Person) -> Json:
    return membership(person) | {"user": user(person)}


def role(one: Role) -> Json:
    tags = {"tags": {"bot_id": str(BOT)}} if one.id == BOT_ROLE else {}
    return {
        "id": str(one.id),
        "name": one.name,
        "permissions": str(one.permissions),
        "position": one.position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": one.id == BOT_ROLE,
        "mentionable": one.mentionable,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    } | tags


def channel(world: World, one: Channel) -> Json:
    """A text channel, a thread or a private channel, whichever it is."""
    same: Json = {
        "id": str(one.id),
        "type": one.type,
        "flags": one.flags,
        "last_message_id": str(one.last_message) if one.last_message else None,
        "last_pin_timestamp": one.last_pin,
    }
    if one.type == DM:
        return same | {"recipients": [user(world.people[one.recipient or BOT])]}
    same |= {"guild_id": str(one.guild), "name": one.name, "rate_limit_per_user": 0}
    if one.type == THREAD:
        return same | _thread(world, one)
    return same | _text(one) | (_forum(one) if one.type == FORUM else {})


def _forum(one: Channel) -> Json:
    return {
        "available_tags": [
            {"id": str(id), "name": name, "moderated": False, "emoji_id": None, "emoji_name": None}
            for id, name in one.available_tags.items()
        ],
        "default_reaction_emoji": None,
        "default_sort_order": None,
        "default_forum_layout": 0,
    }


def _text(one: Channel) -> Json:
    denied = [{"id": str(BOT), "type": 1, "allow": "0", "deny": str(one.denied)}] if one.denied else []
    return {
        "parent_id": None,
        "topic": None,
        "position": one.id - TALK,
        "permission_overwrites": denied,
        "nsfw": False,
    }


def _thread(world: World, one: Channel) -> Json:
    count = sum(message.channel == one.id and message.type not in SYSTEM for message in world.messages.values())
    joined = {"id": str(one.id), "user_id": str(one.owner), "join_timestamp": moment(one.id), "flags": 0}
    return {
        "parent_id": str(one.parent),
        "owner_id": str(one.owner),
        "thread_metadata": {
            "archived": one.archived,
            "archive_timestamp": moment(one.id),
            "auto_archive_duration": one.archive_minutes,
            "locked": one.locked,
            "create_timestamp": moment(one.id),
        },
        "message_count": count,
        "member_count": 1,
        "total_message_sent": count,
        "applied_tags": [str(id) for id in one.tags],
    } | ({"member": joined} if one.owner == BOT else {})


def roles(world: World, id: int) -> list[Json]:
    """The roles of a guild: the same in each, but for everybody's, which has the guild's id."""
    return [role(one) | ({"id": str(id)} if one.id == GUILD else {}) for one in world.roles.values()]


def guild(world: World, id: int) -> Json:
    return {
        "id": str(id),
        "name": world.guilds[id],
        "icon": None,
        "description": None,
        "home_header": None,
        "splash": None,
        "discovery_splash": None,
        "features": [],
        "banner": None,
        "owner_id": str(OWNER),
        "application_id": None,
        "region": "deprecated",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "widget_channel_id": None,
        "verification_level": 0,
        "roles": roles(world, id),
        "default_message_notifications": 0,
        "mfa_level": 0,
        "explicit_content_filter": 0,
        "max_presences": None,
        "max_members": 500000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "vanity_url_code": None,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": "en-US",
        "rules_channel_id": None,
        "safety_alerts_channel_id": None,
        "public_updates_channel_id": None,
        "premium_progress_bar_enabled": False,
        "nsfw": False,
        "nsfw_level": 0,
        "emojis": [],
        "stickers": [],
        "incidents_data": None,
    }


def guild_opened(world: World, id: int) -> Json:
    """A guild with all that is in it, as the gateway tells of it first."""
    here = [one for one in world.channels.values() if one.guild == id]
    rooms = [one for one in here if one.type not in {DM, THREAD}]
    threads = [one for one in here if one.type == THREAD and not one.archived and world.may("VIEW_CHANNEL", one)]
    return guild(world, id) | {
        "joined_at": _SINCE,
        "large": False,
        "unavailable": False,
        "member_count": len(world.people),
        "voice_states": [],
        "members": [member(world.people[BOT])],
        "channels": [channel(world, one) for one in rooms],
        "threads": [channel(world, one) for one in threads],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": list(world.events.values()),
        "soundboard_sounds": [],
    }


def application(world: World) -> Json:
    flags = sum(bit for name, bit in _FLAGS.items() if name in world.intents_allowed)
    return {
        "id": str(BOT),
        "name": "Convenor",
        "icon": None,
        "description": "Hosts scheduled chats.",
        "type": None,
        "bot": user(world.people[BOT]),
        "bot_public": False,
        "bot_require_code_grant": False,
        "verify_key": "00" * 32,
        "flags": flags,
        "flags_new": str(flags),
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": user(world.people[OWNER]),
        "approximate_guild_count": 1,
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": [],
    }


def message(world: World, one: Message, *, content: bool, nonce: bool = False) -> Json:
    """A message as the bot gets it: without content it has no right to; the nonce only where it was just sent."""
    told = _message(world, one, content=content or world.readable(one))
    if nonce and one.nonce is not None:
        told["nonce"] = one.nonce
    if one.forwards:
        told |= _forwarded(world, one.forwards)
    if one.reply_to or one.reply_channel:
        told["message_reference"] = _reference(world, one)
    if one.reply_to and one.type != PINNED:
        known = world.messages.get(one.reply_to)
        told["referenced_message"] = known and _message(world, known, content=content or world.readable(known))
    if one.flags & HAS_THREAD and one.id in world.channels:
        told["thread"] = channel(world, world.channels[one.id])
    if one.reactions:
        told["reactions"] = [_reaction(name, by) for name, by in one.reactions.items()]
    return told


def _forwarded(world: World, id: int) -> Json:
    """Where it was said, and what; it is the forwarding message's own content that is empty."""
    said = world.messages[id]
    names = ("type", "content", "mentions", "mention_roles", "attachments", "embeds", "timestamp")
    whole = _message(world, said, content=True)
    snapshot = {name: whole[name] for name in (*names, "edited_timestamp", "flags", "components")}
    there = world.channels[said.channel].guild
    reference = {"type": 1, "channel_id": str(said.channel), "message_id": str(id), "guild_id": str(there)}
    return {"message_reference": reference, "message_snapshots": [{"message": snapshot}]}


def _reference(world: World, one: Message) -> Json:
    room = world.channels.get(one.reply_channel or one.channel)
    message = {"message_id": str(one.reply_to)} if one.reply_to else {}
    guild = {} if room and room.type == DM else {"guild_id": str(room.guild if room else GUILD)}
    return {"type": 0, "channel_id": str(one.reply_channel or one.channel)} | message | guild


def _message(world: World, one: Message, *, content: bool) -> Json:
    return {
        "id": str(one.id),
        "channel_id": str(one.channel),
        "author": user(world.people[one.author]),
        "type": one.type,
        "content": one.content if content else "",
        "mentions": [user(world.people[id]) for id in one.mentions],
        "mention_roles": [str(id) for id in one.mention_roles],
        "mention_everyone": one.mention_everyone,
        "attachments": one.attachments if content else [],
        "embeds": one.embeds if content else [],
        "components": one.components if content else [],
        "timestamp": moment(one.id),
        "edited_timestamp": one.edited,
        "flags": one.flags,
        "pinned": one.pinned is not None,
        "tts": False,
    } | _beside(one, content=content)


def _beside(one: Message, *, content: bool) -> Json:
    """Stickers are never hidden; a poll is left out where the content is."""
    stickers = {"sticker_items": one.stickers} if one.stickers else {}
    poll = {"poll": one.poll} if one.poll and content else {}
    webhook = {"webhook_id": str(one.webhook)} if one.webhook else {}
    return stickers | poll | webhook | (one.interaction or {})


def sticker(id: int, name: str) -> Json:
    return {"id": str(id), "name": name, "format_type": 1}


def poll(question: str) -> Json:
    answers = [{"answer_id": at, "poll_media": {"text": text}} for at, text in enumerate(("Yes", "No"), 1)]
    return {
        "question": {"text": question},
        "answers": answers,
        "expiry": _SINCE,
        "allow_multiselect": False,
        "layout_type": 1,
        "results": {"answer_counts": [], "is_finalized": False},
    }


def attachment(id: int, told: Json) -> Json:
    """A file as it hangs at a message; what a test tells comes first."""
    name = told.get("filename", "file.png")
    url = f"https://cdn.discordapp.com/attachments/{id}/{name}"
    return {"id": str(id), "filename": name, "size": 1, "url": url, "proxy_url": url} | told


def _reaction(name: str, by: list[int]) -> Json:
    return {
        "emoji": {"id": None, "name": name},
        "count": len(by),
        "count_details": {"burst": 0, "normal": len(by)},
        "burst_colors": [],
        "me_burst": False,
        "me": BOT in by,
    }
