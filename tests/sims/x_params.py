"""Reads the query of a request as X does: unknown names, unknown values and bounds are refused."""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.sims.x_problems import invalid
from tests.sims.x_store import EPOCH


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


POST_FIELDS = words(
    "article attachments author_id card_uri community_id context_annotations conversation_id created_at "
    "display_text_range edit_controls edit_history_tweet_ids entities geo id in_reply_to_user_id lang "
    "matched_media_notes media_metadata non_public_metrics note_request_suggestions note_tweet "
    "organic_metrics paid_partnership possibly_sensitive promoted_metrics public_metrics "
    "referenced_tweets reply_settings scopes source suggested_source_links "
    "suggested_source_links_with_counts text withheld"
)
USER_FIELDS = words(
    "affiliation confirmed_email connection_status created_at description entities id "
    "is_identity_verified location most_recent_tweet_id name parody pinned_tweet_id profile_banner_url "
    "profile_image_url protected public_metrics receives_your_dm subscription subscription_type url "
    "username verified verified_followers_count verified_type withheld"
)
MEDIA_FIELDS = words(
    "alt_text duration_ms height media_key non_public_metrics organic_metrics preview_image_url "
    "promoted_metrics public_metrics type url variants width"
)
EXPANSIONS = words(
    "article.cover_media article.media_entities attachments.media_keys attachments.media_source_tweet "
    "attachments.poll_ids author_id edit_history_tweet_ids entities.mentions.username geo.place_id "
    "in_reply_to_user_id entities.note.mentions.username referenced_tweets.id "
    "referenced_tweets.id.attachments.media_keys referenced_tweets.id.author_id"
)
_LISTS = {"tweet.fields": POST_FIELDS, "user.fields": USER_FIELDS, "media.fields": MEDIA_FIELDS}
_OF_POSTS = {"tweet.fields", "user.fields", "media.fields", "poll.fields", "place.fields", "expansions"}
_OF_USERS = {"tweet.fields", "user.fields", "expansions"}
_PAGE = {"since_id", "until_id", "start_time", "end_time", "max_results", "pagination_token"}
_ID_DIGITS = 19
_WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Page:
    """Which part of a timeline is asked for: ids above `after` and below `before`, at most `most`.

    And of the time from `since` on, before `until`; both in Unix seconds.
    """

    after: int
    before: int
    since: float
    until: float
    most: int
    scope: int


def names(query: Mapping[str, str], kind: str) -> None:
    """Refuse parameters that a place does not have. `kind`: timeline, search, posts, post, users, user, usernames."""
    known = _OF_USERS if kind.startswith("user") else _OF_POSTS
    known = known | {
        "timeline": _PAGE,
        "search": _PAGE | {"query", "next_token", "sort_order"},
        "quotes": {"max_results", "pagination_token"},
        "posts": {"ids"},
        "users": {"ids"},
        "usernames": {"usernames"},
    }.get(kind, set())
    for name in set(query) - known:
        listed = ",".join(sorted(known))
        raise invalid(f"The query parameter [{name}] is not one of [{listed}]", **{name: query[name]})
    for name, allowed in _LISTS.items() | {("expansions", EXPANSIONS)}:
        if kind.startswith("user") and name == "expansions":
            continue
        for value in wanted(query, name) - allowed:
            raise invalid(f"The `{name}` query parameter value [{value}] is not valid", **{name: value})


def wanted(query: Mapping[str, str], name: str) -> set[str]:
    """The values of a parameter that is a list."""
    return set(query[name].split(",")) if query.get(name) else set()


def several(query: Mapping[str, str], name: str) -> list[str]:
    """A required list of at most 100 values."""
    values = query[name].split(",") if query.get(name) else []
    if not 1 <= len(values) <= 100:
        said = f"The number of values in the `{name}` query parameter list [{len(values)}] is not between 1 and 100"
        raise invalid(said, **{name: query.get(name, "")})
    return values


def id_(value: str, name: str) -> int:
    if not value.isascii() or not value.isdigit() or len(value) > _ID_DIGITS:
        raise invalid(f"The `{name}` query parameter value [{value}] is not valid", **{name: value})
    return int(value)


def page(path: str, query: Mapping[str, str], *, least: int, now: float, recent: bool) -> Page:
    """What part is asked for. `recent`: the search, which looks back seven days only."""
    most = query.get("max_results", "10")
    if not most.isdigit() or not least <= int(most) <= 100:
        said = f"The `max_results` query parameter value [{most}] is not between {least} and 100"
        raise invalid(said, max_results=most)
    oldest = datetime.fromtimestamp(now, UTC) - _WEEK if recent else datetime.fromtimestamp(EPOCH / 1000, UTC)
    after, since, before, until = _after(query, oldest), _since(query, oldest), 1 << 63, math.inf
    if "until_id" in query:
        before = id_(query["until_id"], "until_id")
    elif "end_time" in query:
        until = _moment(query, "end_time").timestamp()
        if recent and until > now - 10:
            said = "'end_time' must be a minimum of 10 seconds prior to the request time."
            raise invalid(f"Invalid 'end_time':'{query['end_time']}'. {said}", end_time=query["end_time"])
    scope = zlib.crc32(f"{path} {query.get('query')}".encode())
    name = "next_token" if "next_token" in query else "pagination_token"
    if name in query:
        before = min(before, _read_token(query[name], scope, name))
    return Page(after=after, before=before, since=since, until=until, most=int(most), scope=scope)


def token(before: int, scope: int) -> str:
    """A page's name: it stays right while new posts arrive, because it says where the page before ended."""
    number, text = before << 32 | scope, ""
    while number:
        number, digit = divmod(number, 36)
        text = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + text
    return text


def _read_token(text: str, scope: int, name: str) -> int:
    try:
        number = int(text, 36)
    except ValueError:
        number = 0
    if number & 0xFFFFFFFF != scope or not number >> 32:
        raise invalid(f"The `{name}` query parameter value [{text}] is not valid", **{name: text})
    return number >> 32


def _after(query: Mapping[str, str], oldest: datetime) -> int:
    if "since_id" not in query:
        return 0
    after = id_(query["since_id"], "since_id")
    if after < (least := _flake(oldest)) and oldest.timestamp() * 1000 > EPOCH:
        said = f"'since_id' must be a tweet id created after [{oldest:%Y-%m-%dT%H:%MZ}]. "
        said += f"Please use a 'since_id' that is larger than {least}"
        raise invalid(said, since_id=query["since_id"])
    return after


def _since(query: Mapping[str, str], oldest: datetime) -> float:
    if "start_time" not in query or "since_id" in query:
        return oldest.timestamp()
    begin = _moment(query, "start_time")
    if begin < oldest:
        said = f"Invalid 'start_time':'{query['start_time']}'. "
        said += f"'start_time' must be on or after {oldest:%Y-%m-%dT%H:%MZ}."
        raise invalid(said, start_time=query["start_time"])
    return begin.timestamp()


def _moment(query: Mapping[str, str], name: str) -> datetime:
    for form in ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.%fZ"):
        try:
            return datetime.strptime(query[name], form).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise invalid(
        f"The `{name}` query parameter value [{query[name]}] is not a valid RFC3339 timestamp", **{name: query[name]}
    )


def _flake(moment: datetime) -> int:
    """The first id of a moment."""
    return max(0, round(moment.timestamp() * 1000) - EPOCH) << 22
