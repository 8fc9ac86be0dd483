"""The same lists and records from FastAPI and asyncpg, written as their guides write it."""

import os
from contextlib import asynccontextmanager

import asyncpg
import orjson
from fastapi import FastAPI, HTTPException, Query, Request
from fastapi.responses import Response

COLUMNS = "id, slug, status, visibility, revision, created_at, last_modified, document"


async def prepare(connection):
    await connection.set_type_codec("json", encoder=orjson.dumps, decoder=orjson.loads, schema="pg_catalog")


@asynccontextmanager
async def lifespan(app):
    # As many connections as each thread of the directory has.
    app.state.pool = await asyncpg.create_pool(os.environ["DATABASE"], min_size=4, max_size=4, init=prepare)
    yield
    await app.state.pool.close()


app = FastAPI(lifespan=lifespan)


def shown(row):
    fields = dict(row)
    return fields.pop("document") | fields


def answer(value):
    return Response(orjson.dumps(value, default=str), media_type="application/json")


@app.get("/organizations")
async def organizations(
    request: Request, country: str | None = None, page: int = Query(1, ge=1), per_page: int = Query(50, ge=1, le=200)
):
    where, values = ("where country = $3", [country]) if country else ("", [])
    rows = await request.app.state.pool.fetch(
        f"select {COLUMNS} from organizations {where} order by name, id limit $1 offset $2",
        per_page,
        (page - 1) * per_page,
        *values,
    )
    return answer({"page": page, "contents": [shown(row) for row in rows]})


@app.get("/organizations/{slug}")
async def organization(request: Request, slug: str):
    row = await request.app.state.pool.fetchrow(f"select {COLUMNS} from organizations where slug = $1", slug)
    if row is None:
        raise HTTPException(404)
    return answer(shown(row))
