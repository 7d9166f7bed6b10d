"""Reads the parameters of a call: from the query, a form, a multipart form or a JSON object."""

from __future__ import annotations

import json
from typing import Any, Iterable

from starlette.datastructures import UploadFile
from starlette.requests import Request

from botapi.methods_known import Upload
from botapi.refusal import bad

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


async def read_parameters(request: Request) -> tuple[dict[str, Any], dict[str, Upload]]:
    """The parameters and files of a call. Raises a refusal (400) when they cannot be read."""
    given: dict[str, Any] = {}
    files: dict[str, Upload] = {}
    _add(given, request.query_params.multi_items())
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind in FORMS:
        async with request.form() as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    files[name] = Upload(value.filename or name, await value.read())
                else:
                    _add(given, [(name, value)])
    elif kind == "application/json":
        _add(given, _json_object(await request.body()).items())
    elif await request.body():
        raise bad(f"a body of type {kind or 'nothing'} is not read")
    return given, files


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        raise bad("can't parse JSON object") from None
    if not isinstance(value, dict):
        raise bad("the JSON body must be an Object")
    return {name: part for name, part in value.items() if part is not None}


def _add(given: dict[str, Any], more: Iterable[tuple[str, Any]]) -> None:
    for name, value in more:
        if name in given:
            raise bad(f'parameter "{name}" is given twice')
        given[name] = value
