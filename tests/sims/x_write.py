"""What can be changed on the pretend X, and its rules about that. One function, one rule or one kind of request."""

from __future__ import annotations

import base64
import binascii
import io
from typing import Any

from python_multipart import parse_form
from python_multipart.exceptions import FormParserError

from tests.sims import x_params, x_problems, x_text
from tests.sims.x_bodies import body, known
from tests.sims.x_problems import invalid
from tests.sims.x_read import Answer, Call
from tests.sims.x_store import Media, Post

_CREATE = {
    "": x_params.words(
        "card_uri community_id direct_message_deep_link edit_options for_super_followers_only geo "
        "made_with_ai media nullcast paid_partnership poll quote_tweet_id reply reply_settings "
        "share_with_followers text"
    ),
    "reply": {"auto_populate_reply_metadata", "exclude_reply_user_ids", "in_reply_to_tweet_id"},
    "media": x_params.words("call_to_actions description embeddable media_ids preview_media_id tagged_user_ids title"),
}
"""The keys of a new post, of its `reply` and of its `media`."""

_UPLOAD = {"additional_owners", "media", "media_category", "media_type", "shared"}
_CATEGORIES = {"tweet_image", "dm_image", "subtitles"}
_BEGINNINGS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM")
_BIGGEST = 5 * 2**20
_LONGEST_ALT = 1000


# Posts ------------------------------------------------------------------------------------------------------------


async def create(call: Call) -> Answer:
    told = await body(call)
    known(told, _CREATE[""], "$")
    text = told.get("text", "")
    media = _pictures(call, told)
    if not isinstance(text, str) or not (text.strip() or media):
        raise invalid("One of `text`, `media` is required", text=text)
    text = text.strip()
    if (weight := x_text.weight(text)) > call.world.longest:
        raise invalid(f"Text is too long: it weighs {weight}, and {call.world.longest} is the most.", text=text)
    if call.world.refuses("post", text):
        raise invalid("Your request is not valid.", text=text)
    if "quote_tweet_id" in told:
        raise x_problems.no_quotes()
    parent = _parent(call, told)
    _not_twice(call, text)
    post = call.world.add(call.caller, text, reply_to=parent.id if parent else None, media=media)
    call.billing.charge("post with link" if post.links else "post", str(post.id), post.at)
    shown = call.show().post(post)
    return 201, {"data": shown}


def _pictures(call: Call, told: dict[str, Any]) -> list[Media]:
    if "media" not in told:
        return []
    known(told["media"], _CREATE["media"], "$.media")
    ids = told["media"].get("media_ids", [])
    found = [call.world.media.get(int(one)) for one in ids if isinstance(one, str) and one.isdigit()]
    mine = [one for one in found if one and one.owner == call.caller.id]
    if not 1 <= len(ids) <= 4 or len(mine) != len(ids):
        raise invalid("Your media IDs are invalid.", media__media_ids=ids)
    return mine


def _parent(call: Call, told: dict[str, Any]) -> Post | None:
    """The post replied to, if it may be."""
    if "reply" not in told:
        return None
    known(told["reply"], _CREATE["reply"], "$.reply")
    if "in_reply_to_tweet_id" not in told["reply"]:
        raise invalid("$.reply.in_reply_to_tweet_id: is missing but it is required", **{"$__reply": "{}"})
    asked = told["reply"]["in_reply_to_tweet_id"]
    if not isinstance(asked, str):
        raise invalid("$.reply.in_reply_to_tweet_id: must be a string", reply__in_reply_to_tweet_id=asked)
    parent = call.world.get(x_params.id_(asked, "reply.in_reply_to_tweet_id"))
    if parent is None or not call.world.open_to(parent, call.caller):
        raise x_problems.not_there()
    if parent.by is not call.caller and not _engaged(call, parent):
        raise x_problems.not_engaged()
    return parent


def _engaged(call: Call, parent: Post) -> bool:
    """Whether the author has mentioned, quoted or answered the caller; by `reply_rule` "post", in this very post."""
    posts = call.world.posts
    several = [parent] if call.setup["reply_rule"] == "post" else [one for one in posts.values() if one.by is parent.by]
    mine = {one.id for one in posts.values() if one.by is call.caller}
    return any(call.caller.id in one.mentions or {one.reply_to, one.quote_of} & mine for one in several)


def _not_twice(call: Call, text: str) -> None:
    window = call.setup["duplicate_window"]
    since = 0.0 if window is None else call.world.now() - window
    own = (one for one in call.world.posts.values() if one.by is call.caller and not one.deleted)
    if text and any(one.text == text and one.at >= since for one in own):
        raise x_problems.duplicate()


async def delete(call: Call) -> Answer:
    post = call.world.get(x_params.id_(call.request.match_info["id"], "id"))
    if post is None:
        raise x_problems.unknown_place()
    if post.by is not call.caller:
        raise x_problems.forbidden("You are not allowed to delete this Tweet.")
    call.world.delete(post)
    return 200, {"data": {"deleted": True}}


async def hide(call: Call) -> Answer:
    told = await body(call)
    known(told, {"hidden"}, "$")
    if not isinstance(told.get("hidden"), bool):
        raise invalid("$.hidden: is missing but it is required", hidden=told.get("hidden"))
    post = call.world.get(x_params.id_(call.request.match_info["id"], "tweet_id"))
    if post is None:
        raise x_problems.unknown_place()
    begun = call.world.posts.get(post.conversation)
    if begun is None or begun.by is not call.caller or post.by is call.caller:
        raise x_problems.forbidden("You are not allowed to hide this reply.")
    for version in post.history:
        call.world.posts[version].hidden = told["hidden"]
    call.billing.charge("content managed", f"{post.id} {post.hidden} {call.world.now()}", call.world.now())
    return 200, {"data": {"hidden": post.hidden}}


# Pictures ---------------------------------------------------------------------------------------------------------


async def upload(call: Call) -> Answer:
    """Take a picture, at once: as JSON with base64, or as a form."""
    form = call.request.content_type == "multipart/form-data"
    told = _form(call, await call.request.read()) if form else await body(call)
    known(told, _UPLOAD, "$")
    if told.get("media_category") not in _CATEGORIES:
        raise invalid("$.media_category: is missing or not one of the known", media_category=told.get("media_category"))
    data = told.get("media")
    if not form:
        try:
            data = base64.b64decode(data or "", validate=True)
        except (binascii.Error, TypeError, ValueError):
            data = b""
    if not isinstance(data, bytes) or not data.startswith(_BEGINNINGS):
        raise invalid("media type unrecognized.", media="")
    if len(data) > _BIGGEST:
        raise invalid(f"File size exceeds {_BIGGEST} bytes.", media="")
    if call.world.refuses("upload", ""):
        raise invalid("The media could not be processed.", media="")
    one = Media(call.world.new_id(call.world.now()), call.caller.id, len(data))
    call.world.media[one.id] = one
    return 200, {"data": {"id": str(one.id), "media_key": one.key, "size": one.size, "expires_after_secs": 86400}}


def _form(call: Call, sent: bytes) -> dict[str, Any]:
    found: dict[str, Any] = {}

    def field(one: Any) -> None:  # noqa: ANN401 -- a field of the library
        found[one.field_name.decode()] = (one.value or b"").decode()

    def file(one: Any) -> None:  # noqa: ANN401 -- a file of the library
        one.file_object.seek(0)
        found[one.field_name.decode()] = one.file_object.read()

    headers = {"Content-Type": call.request.headers["Content-Type"].encode(), "Content-Length": str(len(sent)).encode()}
    try:
        parse_form(headers, io.BytesIO(sent), field, file)
    except FormParserError as error:
        raise invalid("The form can not be read.", body="") from error
    if isinstance(found.get("media"), str):  # a part without a file name is a field to the library
        found["media"] = found["media"].encode()
    return found


async def describe(call: Call) -> Answer:
    """Give a picture its alternative text."""
    told = await body(call)
    known(told, {"id", "metadata"}, "$")
    one = call.world.media.get(int(told["id"])) if str(told.get("id", "")).isdigit() else None
    if one is None or one.owner != call.caller.id:
        raise invalid("Your media IDs are invalid.", id=told.get("id"))
    said = told.get("metadata", {}).get("alt_text", {}).get("text")
    if said is not None and (not isinstance(said, str) or len(said) > _LONGEST_ALT):
        raise invalid(f"Alt text must be a text of at most {_LONGEST_ALT} characters", metadata__alt_text=said)
    if call.world.refuses("alt", said or ""):
        raise invalid("Your request is not valid.", metadata__alt_text="")
    one.alt = said
    call.billing.charge("media metadata", str(one.id), call.world.now())
    return 200, {"data": {"id": str(one.id), "associated_metadata": {"alt_text": {"text": said}} if said else {}}}
