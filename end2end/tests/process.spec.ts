// The executable: settings, signals, backups, built files, logs.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { Server } from "../server.ts";
import { enterCode, expect, ownCode, redeem, shownCode, test } from "./fixtures.ts";

/** Runs the executable to its end. */
function run(args: string[], settings: Record<string, string> = {}) {
  const env = { PATH: process.env.PATH, ...settings };
  return spawnSync(process.env.VOUCH!, args, { cwd: tmpdir(), env, encoding: "utf8", timeout: 10_000 });
}

test("help lists every setting with its default", () => {
  const help = run(["--help"]);
  expect(help.status).toBe(0);
  const documented = readFileSync("../docs/settings.md", "utf8").matchAll(/^\| `(VOUCH_\w+)`/gm);
  const settings = [...documented].map(([, name]) => name);
  expect(settings.length).toBeGreaterThan(30);
  for (const setting of settings) expect(help.stdout).toContain(`[env: ${setting}`);
  expect(help.stdout).toContain("[default: 127.0.0.1:3000]");
});

test("the version names the commit and its date, if the sources are a clone", () => {
  const { stdout } = run(["--version"]);
  expect(stdout).toMatch(/^vouch [\d.]+( \([0-9a-f]{10}(-dirty)?, \d{4}-\d\d-\d\d\))?\n$/);
  expect(stdout.includes("(")).toBe(existsSync("../.git"));
});

for (const [name, value] of [
  ["VOUCH_LISTEN", "here"],
  ["VOUCH_LISTEN", "192.0.2.1:80"],
  ["VOUCH_CODE_LENGTH", "3"],
  ["VOUCH_DATABASE_URL", "mysql://localhost"],
  ["VOUCH_DATABASE_URL", "sqlite:/nowhere/vouch.db"],
  ["VOUCH_SECRET", "hunter2"],
  ["VOUCH_LIMITS", "none"],
  ["VOUCH_ACCESS_TOKEN_TTL", "15m"],
]) {
  test(`${name}=${value} prevents the start with a message that names it`, () => {
    const elsewhere = { VOUCH_SMS: "simulated", VOUCH_DATABASE_URL: `sqlite:${tmpdir()}/vouch-never-${process.pid}.db` };
    const stopped = run([], { ...elsewhere, [name]: value });
    expect(stopped.status).toBeGreaterThan(0);
    expect(stopped.stderr).toContain(name);
    expect(stopped.stderr.split("\n").length).toBeLessThan(8);
  });
}

test("a request in progress is answered before the server stops", async ({ phone }) => {
  const server = new Server({ VOUCH_SMS_DELAY_MS: "1500" });
  await server.start();
  const answer = fetch(`${server.url}/api/login/request_code`, {
    method: "POST",
    body: new URLSearchParams({ phone_number: phone, next: "" }),
  });
  await expect.poll(async () => (await fetch(`${server.url}/readyz`)).status).toBe(200);
  const stopped = server.stop("SIGTERM");
  expect(await (await answer).text()).toContain("/login/code");
  expect(await stopped).toBe(0);
  await server.remove();
});

test("while the secret is being replaced, tokens of both secrets are accepted", async ({ phone }) => {
  const [old, changed] = ["a1".repeat(32), "b2".repeat(32)];
  const server = new Server({ VOUCH_SECRET: old });
  await server.start();
  const { access } = await logIn(server, phone);
  const status = async () =>
    (await fetch(`${server.url}/profile/`, { headers: { authorization: `Bearer ${access}` } })).status;
  for (const [secret, expected] of [[`${changed},${old}`, 200], [changed, 401]] as const) {
    await server.stop();
    server.settings.VOUCH_SECRET = secret;
    await server.start();
    expect(await status()).toBe(expected);
  }
  await server.remove();
});

test("a backup made by a running server restores everything", async ({ phone, otherPhone }) => {
  const server = new Server({ VOUCH_TRUSTED_HOPS: "1" }, [], "sqlite");
  await server.start();
  const { access, refresh } = await logIn(server, phone);
  const profile = async () => (await fetch(`${server.url}/profile/`, { headers: { authorization: `Bearer ${access}` } })).json();
  const before = await profile();
  const backup = `${server.folder}/backup.db`;
  const made = run(["backup", backup], server.database.settings);
  expect(made.stderr + made.stdout).toContain("checked. Members in it: 1\n");
  expect(made.status).toBe(0);
  expect(statSync(backup).mode & 0o777).toBe(0o600);
  // An existing file is never overwritten.
  const again = run(["backup", backup], server.database.settings);
  expect([again.status, again.stderr]).toEqual([1, `vouch: ${backup} exists already; name a file that does not\n`]);
  await logIn(server, otherPhone);

  await server.stop();
  for (const file of ["vouch.db", "vouch.db-wal", "vouch.db-shm"]) rmSync(`${server.folder}/${file}`, { force: true });
  renameSync(backup, `${server.folder}/vouch.db`);
  await server.start();
  expect(await profile()).toEqual(before);
  expect(Object.keys(await call(server, "/token/refresh/", { refresh }))).toEqual(["access", "refresh"]);
  // A member who joined after the backup can log in as a new one.
  await logIn(server, otherPhone);
  await server.remove();
});

test("a backup without a database is refused", () => {
  const missing = run(["backup", "/tmp/vouch-never.db"], { VOUCH_DATABASE_URL: "sqlite:/nowhere/vouch.db" });
  expect([missing.status, missing.stderr]).toEqual([1, "vouch: VOUCH_DATABASE_URL: there is no database /nowhere/vouch.db\n"]);
});

test("built files are sent compressed, under hashed names, to be cached for a year", async ({ server, request }) => {
  const page = await (await request.get("/login")).text();
  const files = [...new Set(page.match(/\/pkg\/[^"]+/g))];
  expect(files.map((file) => file.split(".").pop()).sort()).toEqual(["css", "js", "wasm"]);
  for (const file of files) {
    const plain = await get(`${server.url}${file}`, "identity");
    expect(plain.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    expect(plain.headers["x-content-type-options"]).toBe("nosniff");
    expect(plain.headers["content-security-policy"]).toContain("default-src 'none'");
    for (const [encoding, unpack] of [["br", brotliDecompressSync], ["gzip", gunzipSync]] as const) {
      const packed = await get(`${server.url}${file}`, encoding);
      expect(packed.headers["content-encoding"]).toBe(encoding);
      expect(packed.body.length).toBeLessThan(plain.body.length / 2);
      expect(unpack(packed.body).equals(plain.body)).toBe(true);
    }
  }
});

test("no phone, code, cookie or token of a journey is in the log", async ({ page, phone, context }) => {
  const server = new Server({ VOUCH_LOG: "debug", VOUCH_TRUSTED_HOPS: "1" });
  await server.start();
  await page.goto(`${server.url}/login`);
  await page.locator("input[name=phone_number]").fill(phone);
  await page.getByRole("button", { name: "Send the code" }).click();
  await expect(page).toHaveURL(/\/login\/code$/);
  const secrets = new Set<string>();
  const remember = async () => (await context.cookies()).forEach(({ value }) => secrets.add(value));
  await remember();
  const codes = [await shownCode(page)];
  await enterCode(page, codes[0]);
  await redeem(page, await ownCode(page).innerText());
  await expect(page.locator("#invite_code-error")).toContainText("your own code");
  await remember();
  await page.getByRole("button", { name: "Log out" }).click();
  await expect(page.locator("input[name=phone_number]")).toBeVisible();
  expect(server.log).toContain("simulated SMS");
  expect(server.log).toMatch(/request\{id="[0-9a-f-]{36}"/);
  expect(server.log).not.toContain(phone.slice(2));
  expect(server.log).toContain("logged in");
  const { access, refresh, code } = await logIn(server, phone);
  codes.push(code);
  const next = await call(server, "/token/refresh/", { refresh });
  await call(server, "/logout/", { everywhere: true }, next.access);
  expect(server.log).toContain('path="/token/refresh/"');
  // Two of the session and one of the device.
  expect(secrets.size).toBe(3);
  for (const secret of [...secrets, access, refresh, next.access, next.refresh]) {
    expect(server.log).not.toContain(secret);
  }
  // Four digits may also be part of a time, an id or a port.
  const words = server.log.split(/[^0-9a-z:.-]+/i);
  for (const code of codes) expect(words).not.toContain(code);
  // A phone is logged as its last two digits and a keyed hash.
  expect(server.log).toMatch(new RegExp(`phone="\\+…${phone.slice(-2)}#[0-9a-f]{12}"`));
  expect(server.log).not.toContain(phone.slice(2));
  // Where nothing failed there are no warnings.
  expect(server.log).not.toMatch(/ (WARN|ERROR) /);
  await server.remove();
});

/** A file as it is transferred; `fetch` would decompress it. */
async function get(url: string, encoding: string) {
  const { get } = await import("node:http");
  return new Promise<{ headers: import("node:http").IncomingHttpHeaders; body: Buffer }>((resolve, reject) => {
    get(url, { headers: { "accept-encoding": encoding } }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => resolve({ headers: response.headers, body: Buffer.concat(chunks) }));
    }).on("error", reject);
  });
}

/** One call of the JSON API. */
async function call(server: Server, path: string, body: object, token?: string): Promise<Record<string, string>> {
  const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
  const answer = await fetch(server.url + path, { method: "POST", headers, body: JSON.stringify(body) });
  return answer.status === 204 ? {} : answer.json();
}

/** Logs a phone in over the JSON API. */
async function logIn(server: Server, phone: string): Promise<Record<string, string>> {
  const { code } = await call(server, "/get_code/", { phone_number: phone });
  return { code, ...(await call(server, "/authorize/", { phone_number: phone, code })) };
}
