// The story of README.md with node's fetch, which has no cookie jar.
// Packages: nodejs
// Command: /usr/bin/node
import assert from "node:assert";

const base = process.argv[2];
const form = { username: "Zoë & co + 100 %", password: 'a pässwörd = ☃; "x"' };

class Jar {
  #cookies = new Map();

  get size() { return this.#cookies.size; }
  get header() { return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; "); }

  take(response) {
    for (const cookie of response.headers.getSetCookie()) {
      const [pair, ...attributes] = cookie.split(";").map((part) => part.trim());
      const [name, value] = [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
      if (attributes.some((attribute) => /^max-age=0$/i.test(attribute))) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }
}

async function call(status, method, route, { body, headers = {}, jar } = {}) {
  if (jar?.size) headers = { ...headers, Cookie: jar.header };
  const response = await fetch(`${base}/api/user/${route}`, { method, body, headers });
  const text = await response.text();
  assert.equal(response.status, status, `${route}: ${text}`);
  jar?.take(response);
  return JSON.parse(text);
}

await call(200, "POST", "create-account", { body: new URLSearchParams(form) });

const jar = new Jar();
let begun = await call(200, "POST", "create-session", { body: new URLSearchParams(form), jar });
assert(jar.size > 0);
assert.equal((await call(200, "GET", "current-session", { jar })).sessionid, begun.sessionid);
await call(200, "PATCH", "set-current-session-ended", { jar });
assert.equal(jar.size, 0);
await call(401, "GET", "current-session", { jar });

const parts = new FormData();
for (const [name, value] of Object.entries(form)) parts.append(name, value);
begun = await call(200, "POST", "create-session", { body: parts });
const headers = { Authorization: `Bearer ${begun.sessionid}.${begun.token}` };
assert.equal((await call(200, "GET", "current-session", { headers })).sessionid, begun.sessionid);
await call(200, "PATCH", "set-current-session-ended", { headers });
await call(401, "GET", "current-session", { headers });
