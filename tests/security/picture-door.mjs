// Runs a CloudFront Function under Node: node picture-door.mjs CODE KEY NOW_S < targets.json
// Prints a JSON list: true where the function hands the request on, else the status it answers.
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [, , code, key, now] = process.argv;
const filled = readFileSync(code, 'utf8').replace(/\{\{resolve:[^}]*\}:SecretString\}\}/, key);
const module = join(process.env.SCRATCH ?? tmpdir(), 'picture-door.mjs');
writeFileSync(module, `${filled}\nexport { handler };\n`);
const { handler } = await import(pathToFileURL(module));
Date.now = () => Number(now) * 1000;

// As CloudFront gives it: path and values as they came, a name that stands twice with all of its.
function event(target) {
  const [uri, query] = target.split(/\?(.*)/s);
  const querystring = {};
  for (const pair of query ? query.split('&') : []) {
    const [name, value] = pair.split(/=(.*)/s);
    const again = querystring[name];
    if (again) {
      again.multiValue ??= [{ value: again.value }];
      again.multiValue.push({ value: value ?? '' });
    } else querystring[name] = { value: value ?? '' };
  }
  return { request: { method: 'GET', uri, querystring, headers: {}, cookies: {} } };
}

const targets = JSON.parse(readFileSync(0, 'utf8'));
const answers = targets.map((target) => {
  const answer = handler(event(target));
  return answer.statusCode ?? (answer.uri ? true : 'neither');
});
process.stdout.write(JSON.stringify(answers));
