#!/bin/sh
# Writes src/api/schema.d.ts from the app's own OpenAPI document. The generator needs TypeScript 5,
# so it runs in its own tree.
set -eu
cd "$(dirname "$0")/.."
out="${1:-src/api/schema.d.ts}"
npx --yes -p openapi-typescript@7.13.0 -p typescript@5.9.3 openapi-typescript openapi.json \
  --default-non-nullable false -o "$out"
