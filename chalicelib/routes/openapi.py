"""The OpenAPI document, made from the routes and models themselves."""

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

from chalice import Blueprint
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from chalicelib import VERSION
from chalicelib.errors import (
    AppError,
    Forbidden,
    Internal,
    MethodNotAllowed,
    Unauthenticated,
    Unavailable,
)
from chalicelib.routes import (
    accounts,
    admin,
    batches,
    catalog,
    enhance,
    exports,
    gallery,
    history,
    jobs,
    seed_data,
    sharing,
    templates,
    verdicts,
)
from chalicelib.routes.answers import Answer, ErrorResponse
from chalicelib.routes.http import Api, Operation, Request

api = Api(Blueprint(__name__))
REF = "#/components/schemas/{model}"
Schema = dict[str, Any]


@api.operation(
    Operation(
        "GET", "/openapi.json", "openapi", "This document", answers={200: None}, access="public"
    )
)
def openapi(_: Request) -> Answer:
    return Answer(200, _text(), {"Cache-Control": "max-age=60"})


@cache
def _text() -> str:
    """The document as it is sent; it is the same as long as the program runs."""
    return json.dumps(document())


def operations() -> list[Operation]:
    """Every operation of the product."""
    product = (catalog, jobs, history, enhance, gallery, sharing, verdicts, accounts, admin)
    modules = (*product, templates, seed_data, batches, exports)
    return [o for module in modules for o in module.api.operations] + api.operations


def document() -> Schema:
    """The whole document, OpenAPI 3.1."""
    found = operations()
    paths: dict[str, Schema] = {}
    for operation in found:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Pixel Prompt", "version": VERSION},
        "servers": [{"url": "/api"}],
        "paths": paths,
        "components": {
            "schemas": _schemas(found),
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def _schemas(found: Iterable[Operation]) -> Schema:
    answers = {m for o in found for m in o.answers.values() if m} | {ErrorResponse}
    bodies = {o.body for o in found if o.body}
    out: list[Any] = [(model, "serialization") for model in answers]
    into: list[Any] = [(model, "validation") for model in bodies]
    wanted = sorted(out + into, key=lambda pair: str(pair[0].__name__))
    _, schema = models_json_schema(wanted, ref_template=REF, by_alias=True)
    named: Schema = {name.removesuffix("View"): s for name, s in schema["$defs"].items()}
    if len(named) < len(schema["$defs"]):
        raise ValueError("two shapes would have one name in the document")
    renamed: Schema = json.loads(json.dumps(named).replace('View"', '"'))
    return renamed


def _operation(operation: Operation) -> Schema:
    described: Schema = {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": [*_path_parameters(operation), *_query(operation), *_headers(operation)],
        "responses": _responses(operation),
        # The empty choice stands for installations without accounts.
        "security": [] if operation.access == "public" else [{}, {"bearer": []}],
    }
    if operation.body:
        described["requestBody"] = {
            "required": _is_required(operation.body),
            "content": _content(operation.body),
        }
    return described


def _responses(operation: Operation) -> Schema:
    responses: Schema = {}
    for status, model in operation.answers.items():
        responses[str(status)] = {"description": operation.summary}
        if model:
            responses[str(status)]["content"] = _content(model)
        elif status == 200:
            responses["200"]["content"] = {"application/json": {"schema": {"type": "object"}}}
    for status, codes in _errors(operation).items():
        responses[str(status)] = {
            "description": ", ".join(codes),
            "content": _content(ErrorResponse),
        }
    return responses


def _errors(operation: Operation) -> dict[int, list[str]]:
    closed = () if operation.access == "public" else (Unauthenticated, Forbidden)
    errors: list[type[AppError]] = [
        *dict.fromkeys((*operation.errors, *closed)),
        *(MethodNotAllowed, Internal, Unavailable),
    ]
    grouped: dict[int, list[str]] = {}
    for error in errors:
        grouped.setdefault(error.status, []).append(error.code)
    return grouped


def _content(model: type[BaseModel]) -> Schema:
    name = model.__name__.removesuffix("View")
    return {"application/json": {"schema": {"$ref": REF.format(model=name)}}}


def _is_required(body: type[BaseModel]) -> bool:
    """Return whether there is no request without this body."""
    choices = body.model_json_schema()
    return "required" in choices or "anyOf" in choices


def _path_parameters(operation: Operation) -> list[Schema]:
    names = [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in names
    ]


def _query(operation: Operation) -> list[Schema]:
    if not operation.query:
        return []
    properties: Schema = operation.query.model_json_schema()["properties"]
    return [
        {"name": name, "in": "query", "required": False, "schema": schema}
        for name, schema in properties.items()
    ]


def _headers(operation: Operation) -> list[Schema]:
    return [
        {
            "name": name,
            "in": "header",
            "required": False,
            "description": header.description,
            "schema": {"type": "string"} | ({"pattern": header.pattern} if header.pattern else {}),
        }
        for name, header in operation.headers.items()
    ]


if __name__ == "__main__":
    print(json.dumps(document(), indent=1, sort_keys=True))  # noqa: T201
