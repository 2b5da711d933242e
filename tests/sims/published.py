"""Holds what was sent to and from the pretend platforms against the contracts that the real ones publish.

The contracts lie in `../shared/specs`, outside the project. Exchanges are the files a `SimulatorServer` writes. Of
exchanges of the same shape one is looked at. Security is left out (nothing secret is written down), and so are answers
that a test put in the platform's mouth: 402, 429 and 5xx.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse
from openapi_core.validation.request import (
    V30RequestBodyValidator,
    V30RequestParametersValidator,
    V31RequestBodyValidator,
    V31RequestParametersValidator,
)
from openapi_core.validation.response import V30ResponseDataValidator, V31ResponseDataValidator
from werkzeug.datastructures import ImmutableMultiDict

from tests.sims.comparison import SPECS

Exchange = dict[str, Any]

KNOWN: list[tuple[str, str, str, str]] = [
    # The contract asks an upload's answer for a `meta` that it does not describe and X does not send.
    ("x", "POST /2/media/upload", "answer", "'meta' is a required property"),
    # The contract names the app's token, but not how it is had; X's documentation does.
    ("x", "POST /oauth2/token", "request", "the contract knows no such path and method"),
    # discord.py sends these; Discord takes numbers for ids and does not mind the keys.
    ("discord", "/messages", "request", "id: 0 is not of type 'string'"),
    ("discord", "/messages", "request", "message_reference"),
    ("discord", "/commands", "request", "'nsfw'"),
    ("discord", "PATCH", "request", "'tts'"),
    ("discord", "/webhooks/", "request", "'tts'"),
    ("discord", "/threads", "request", "'tts'"),
    ("discord", "/threads", "request", "'use_nested_fields'"),
    ("discord", "bulk-delete", "request", "is not of type 'string'"),
    ("discord", "/users/@me/channels", "request", "recipient_id"),
    # The contract does not know a message that was forwarded; Discord's documentation does.
    ("discord", "/messages", "answer", "message_reference: type: 1"),
    # The contract suite sends a text that is too long, on purpose.
    ("discord", "/messages", "request", "content: 'xxxx"),
]
"""Where contract and reality differ: platform, part of the call, request or answer, part of the problem."""

_MOST = 300
_INVENTED = {402, 429}
_REFUSED = 400
_SERVER = 500
_HOSTS = {"x": "https://api.x.com", "discord": "https://discord.com"}
_FORM = "multipart/form-data"
_PROBLEM = "application/problem+json"


class Contract:
    """One platform's published document."""

    def __init__(self, file: Path, host: str) -> None:
        self.document: dict[str, Any] = json.loads(file.read_text("utf-8"))
        self._host = host
        self._paths = [
            (re.compile(re.sub(r"\\{[^/]*?\\}", "[^/]+", re.escape(template))), place)
            for template, place in sorted(self.document["paths"].items(), key=lambda one: one[0].count("{"))
        ]
        # The document is the platform's; whether it is a good one is not asked.
        config: Any = Config(spec_validator_cls=None)
        self._spec = OpenAPI.from_dict(self.document, config=config).spec
        new = self.document["openapi"].startswith("3.1")
        self._request_parts: list[Any] = [
            V31RequestParametersValidator if new else V30RequestParametersValidator,
            V31RequestBodyValidator if new else V30RequestBodyValidator,
        ]
        answers: Any = V31ResponseDataValidator if new else V30ResponseDataValidator
        self._answers = answers(self._spec, extra_media_type_deserializers={_PROBLEM: json.loads})

    def problems(self, exchange: Exchange) -> Iterator[tuple[str, str]]:
        """What does not fit, as ("request" or "answer", why)."""
        if not self._operation(exchange)[1]:
            yield "request", "the contract knows no such path and method"
            return
        request = self._request(exchange)
        for part in self._request_parts:
            yield from (("request", why) for why in _complaints(part(self._spec).validate, request))
        yield from (("request", why) for why in self._strange_keys(exchange))
        status = exchange["status"]
        if exchange["answer"] and not (status in _INVENTED or status >= _SERVER or _is_fault(exchange)):
            kind = exchange["answer_type"]
            answer = MockResponse(exchange["answer"].encode(), status, content_type=kind)
            yield from (("answer", why) for why in _complaints(self._answers.validate, request, answer))

    def _request(self, exchange: Exchange) -> MockRequest:
        body, kind = _body(exchange)
        request = MockRequest(
            self._host,
            exchange["method"],
            unquote(exchange["path"]),
            headers=exchange["headers"],
            data=body.encode(),
            content_type=kind,
        )
        request.parameters.query = ImmutableMultiDict([tuple(pair) for pair in exchange["query"]])
        return request

    def _strange_keys(self, exchange: Exchange) -> Iterator[str]:
        """Keys of a query or body that the contract does not name, at any depth; validation lets them pass."""
        place, operation = self._operation(exchange)
        parameters = [self.resolve(one) for one in [*place.get("parameters", []), *operation.get("parameters", [])]]
        known = {one["name"] for one in parameters if one["in"] == "query"}
        for name in sorted({name for name, _ in exchange["query"]} - known):
            yield f"the query has {name!r}, which the contract does not name"
        content = self.resolve(operation.get("requestBody", {})).get("content", {})
        body, kind = _body(exchange)
        schema = content.get(kind.partition(";")[0], {}).get("schema")
        if schema and "json" in kind and body:
            yield from self._strange(json.loads(body), [schema], "body")

    def _operation(self, exchange: Exchange) -> tuple[dict[str, Any], dict[str, Any]]:
        """What the contract says of a path, and of the method there."""
        path = exchange["path"].removeprefix("/api/v10") if self._host == _HOSTS["discord"] else exchange["path"]
        place: dict[str, Any] = next((place for pattern, place in self._paths if pattern.fullmatch(path)), {})
        return place, place.get(exchange["method"].lower(), {})

    def _strange(self, value: object, schemas: list[dict[str, Any]], where: str) -> Iterator[str]:
        plain = [flat for schema in schemas for flat in self._flat(schema)]
        if isinstance(value, list):
            items = [one["items"] for one in plain if isinstance(one.get("items"), dict)]
            for index, one in enumerate(value if items else []):
                yield from self._strange(one, items, f"{where}[{index}]")
        if not isinstance(value, dict) or any(one.get("additionalProperties") not in (None, False) for one in plain):
            return
        named = [one["properties"] for one in plain if "properties" in one]
        for key, inner in value.items() if named else ():
            known = [one[key] for one in named if key in one]
            if not known:
                yield f"{where} has the key {key!r}, which the contract does not name"
            yield from self._strange(inner, known, f"{where}.{key}")

    def _flat(self, schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """A schema and everything it is put together from."""
        schema = self.resolve(schema)
        yield schema
        for how in ("allOf", "oneOf", "anyOf"):
            for part in schema.get(how, []):
                yield from self._flat(part)

    def resolve(self, schema: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in schema:
            found: Any = self.document
            for step in schema["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            schema = found
        return schema


@cache
def contract(platform: str, specs: Path = SPECS) -> Contract:
    """Load a platform's contract, once."""
    return Contract(specs / f"{platform}-openapi.json", _HOSTS[platform])


def check(folder: Path, specs: Path = SPECS) -> list[str]:
    """Every problem in the exchanges of a folder, as a sentence."""
    found = []
    for platform in _HOSTS:
        for exchange in shapes(folder.glob(f"{platform}-*.jsonl")):
            call = f"{exchange['method']} {exchange['path']}"
            for part, why in contract(platform, specs).problems(exchange):
                if not any(_is_known(one, platform, call, part, why) for one in KNOWN):
                    found.append(f"{platform}: {part} of {call} ({exchange['status']}): {why}")
    return sorted(set(found))


def shapes(files: Iterator[Path] | list[Path]) -> Iterator[Exchange]:
    """One exchange of each shape: method, path, query, keys and kinds in both bodies, status."""
    seen = set()
    for file in files:
        for line in file.read_text("utf-8").splitlines():
            exchange = json.loads(line)
            shape = (
                exchange["method"],
                re.sub(r"/(\d+|[^/]{25,})(?=/|$)", "/{}", exchange["path"]),
                tuple(sorted({key for key, _ in exchange["query"]})),
                _shape(_body(exchange)[0]),
                exchange["status"],
                _shape(exchange["answer"]),
            )
            if shape not in seen:
                seen.add(shape)
                yield exchange


def _shape(body: str) -> str:
    try:
        return str(_kinds(json.loads(body)))
    except ValueError:
        return "text" if body else ""


def _kinds(value: object) -> object:
    if isinstance(value, dict):
        return sorted((key, str(_kinds(one))) for key, one in value.items())
    return sorted({str(_kinds(one)) for one in value}) if isinstance(value, list) else type(value).__name__


def _body(exchange: Exchange) -> tuple[str, str]:
    """A request's body and its type. The JSON in a form with files, as Discord takes it, is the body."""
    headers: dict[str, str] = {name.lower(): value for name, value in exchange["headers"].items()}
    kind = headers.get("content-type", str(exchange["content_type"]))
    if kind.startswith(_FORM) and (
        inner := re.search(r'name="payload_json".*?\r\n\r\n(.*?)\r\n--', exchange["body"], re.DOTALL)
    ):
        return inner[1], "application/json"
    return exchange["body"], kind


def _is_fault(exchange: Exchange) -> bool:
    """Whether a refusal is the empty one of a `SimulatorServer`'s fault."""
    return bool(exchange["status"] >= _REFUSED and exchange["answer"] == "{}")


def _complaints(validate: Callable[..., object], *given: object) -> list[str]:
    """Why something is not valid, each cause by itself."""
    try:
        validate(*given)
    except OpenAPIError as error:
        return [_short(cause) for cause in _causes(error)]
    return []


def _causes(error: BaseException) -> Iterator[str]:
    """What the schema says, and where; or the last error of a chain, where no schema was asked."""
    where = f"{error}: " if "parameter" in str(error) else ""
    while error.__cause__ is not None and not hasattr(error, "schema_errors"):
        error = error.__cause__
    several = list(getattr(error, "schema_errors", ()))
    for one in several:
        yield where + "".join(f"{step}: " for step in one.absolute_path) + one.message
    if not several:
        yield f"{where}{type(error).__name__}: {error}"


def _short(text: str) -> str:
    return text if len(text) <= _MOST else text[:_MOST] + "…"


def _is_known(known: tuple[str, str, str, str], platform: str, call: str, part: str, why: str) -> bool:
    return known[0] == platform and known[1] in call and known[2] == part and known[3] in why
