#!/bin/sh
# Writes src/api/schema.d.ts from the app's own OpenAPI document, and in it that document's checksum,
# by which a test knows when it is stale. The generator needs TypeScript 5, so it runs in its own tree.
set -eu
cd "$(dirname "$0")/.."
out=src/api/schema.d.ts
npx --yes -p openapi-typescript@7.13.0 -p typescript@5.9.3 openapi-typescript openapi.json \
  --default-non-nullable false -o "$out"
node -e '
  const { createHash } = require("node:crypto");
  const { readFileSync, appendFileSync } = require("node:fs");
  const sum = createHash("sha256").update(readFileSync("openapi.json")).digest("hex");
  appendFileSync(process.argv[1], `// openapi.json ${sum}\n`);
' "$out"
