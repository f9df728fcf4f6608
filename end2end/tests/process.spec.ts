// The executable as its host meets it: settings, signals, files on the wire, logs.

import { spawnSync } from "node:child_process";
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
  for (const setting of ["LISTEN", "PUBLIC_URL", "DATABASE_URL", "SECRET", "SMS", "SMS_DELAY_MS", "CODE_LENGTH", "ACCESS_TOKEN_TTL", "PHONE_REGION", "LIMITS", "TRUSTED_HOPS", "LOG", "LOG_FORMAT"]) {
    expect(help.stdout).toContain(`[env: VOUCH_${setting}`);
  }
  expect(help.stdout).toContain("[default: 127.0.0.1:3000]");
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
  test(`${name}=${value} stops the start with a sentence that names it`, () => {
    const elsewhere = { VOUCH_DATABASE_URL: `sqlite:${tmpdir()}/vouch-never-${process.pid}.db` };
    const stopped = run([], { ...elsewhere, [name]: value });
    expect(stopped.status).toBeGreaterThan(0);
    expect(stopped.stderr).toContain(name);
    expect(stopped.stderr.split("\n").length).toBeLessThan(8);
  });
}

test("a stop lets a request under way finish", async ({ phone }) => {
  const server = new Server({ VOUCH_SMS_DELAY_MS: "1500" });
  await server.start();
  const answer = fetch(`${server.url}/api/login/request_code`, {
    method: "POST",
    body: new URLSearchParams({ phone_number: phone, next: "" }),
  });
  await expect.poll(async () => (await fetch(`${server.url}/readyz`)).status).toBe(200);
  const stopped = server.stop("SIGTERM");
  expect(await (await answer).json()).toBe("Accepted");
  expect(await stopped).toBe(0);
  await server.remove();
});

test("while the secret is changed, tokens of both are good", async ({ phone }) => {
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

test("built files go out compressed, under hashed names, for ever", async ({ server, request }) => {
  const page = await (await request.get("/login")).text();
  const files = [...new Set(page.match(/\/pkg\/[^"]+/g))];
  expect(files.map((file) => file.split(".").pop()).sort()).toEqual(["css", "js", "wasm"]);
  for (const file of files) {
    const plain = await get(`${server.url}${file}`, "identity");
    expect(plain.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    for (const [encoding, unpack] of [["br", brotliDecompressSync], ["gzip", gunzipSync]] as const) {
      const packed = await get(`${server.url}${file}`, encoding);
      expect(packed.headers["content-encoding"]).toBe(encoding);
      expect(packed.body.length).toBeLessThan(plain.body.length / 2);
      expect(unpack(packed.body).equals(plain.body)).toBe(true);
    }
  }
});

test("a whole journey leaves no phone, no session and no token in the log", async ({ page, phone, context }) => {
  const server = new Server({ VOUCH_LOG: "debug" });
  await server.start();
  await page.goto(`${server.url}/login`);
  await page.locator("input[name=phone_number]").fill(phone);
  await page.getByRole("button", { name: "Send the code" }).click();
  await expect(page).toHaveURL(/\/login\/code$/);
  const sessions = [(await context.cookies())[0].value];
  await enterCode(page, await shownCode(page));
  await redeem(page, await ownCode(page).innerText());
  await expect(page.locator("#invite_code-error")).toContainText("your own code");
  sessions.push((await context.cookies())[0].value);
  await page.getByRole("button", { name: "Log out" }).click();
  await expect(page.locator("input[name=phone_number]")).toBeVisible();
  expect(server.output).toContain("simulated SMS");
  expect(server.output).toMatch(/request\{id="[0-9a-f-]{36}"/);
  expect(server.output).not.toContain(phone.slice(2));
  expect(server.output).toContain("logged in");
  const { access, refresh } = await logIn(server, phone);
  const next = await call(server, "/token/refresh/", { refresh });
  await call(server, "/logout/", { everywhere: true }, next.access);
  expect(server.output).toContain('path="/token/refresh/"');
  for (const secret of [...sessions, access, refresh, next.access, next.refresh]) {
    expect(server.output).not.toContain(secret);
  }
  expect(server.output).not.toContain(phone.slice(2));
  await server.remove();
});

/** A file as it comes over the wire, which `fetch` would unpack. */
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
  return call(server, "/authorize/", { phone_number: phone, code });
}
