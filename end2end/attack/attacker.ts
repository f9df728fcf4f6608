// What every attack uses: servers to attack, clients of the API and of the pages from any network, and queries on the database.

import { execFileSync } from "node:child_process";
import { openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { test as base, expect } from "@playwright/test";
import type { Database } from "../database.ts";
import { PLACE, Server } from "../server.ts";

/** The long form fills the table in SECURITY.md; the short form, in `make test`, does the same with smaller amounts. */
export const LONG = process.env.ATTACK === "long";

/** An amount of the long form, and of the short form. */
export const amount = (long: number, short: number) => (LONG ? long : short);

type Prepare = (settings?: Record<string, string>, wrapper?: string[], place?: typeof PLACE, database?: Database) => Server;
type Start = (...how: Parameters<Prepare>) => Promise<Server>;

export const test = base.extend<{ prepare: Prepare; serve: Start }>({
  /** Servers, not yet started, which end with the test. One proxy is trusted, so that an attacker can have any address. */
  prepare: async ({}, use) => {
    const servers: Server[] = [];
    await use((settings = {}, ...more) => {
      const server = new Server({ VOUCH_TRUSTED_HOPS: "1", VOUCH_SMS_DELAY_MS: "0", ...settings }, ...more);
      servers.push(server);
      return server;
    });
    for (const server of servers) await server.remove();
  },
  /** The same, started. */
  serve: async ({ prepare }, use) => {
    await use(async (...how) => {
      const server = prepare(...how);
      await server.start();
      return server;
    });
  },
});
export { expect };

/** A row of the table. */
export function found(done: string, happened: string, limit: string): void {
  test.info().annotations.push({ type: "found", description: JSON.stringify([done, happened, limit]) });
}

/** What a server answered. */
export type Answer = { status: number; headers: Headers; body: string; json: Record<string, any> };

/** The address with this number, in the header that the proxy sets. */
export const from = (number: number) => ({
  "x-forwarded-for": `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`,
});

let networks = 0;
/** An address that was not used before. */
export const newNetwork = () => from(++networks);

/** The phone with this number; the first 100,000 have different prefixes. */
export const phone = (number: number) => `+79${String(number).padStart(5, "0")}0000`;

export async function send(server: Server, path: string, init: RequestInit): Promise<Answer> {
  const answer = await fetch(server.url + path, { redirect: "manual", ...init });
  const body = await answer.text();
  const isJson = /json/.test(answer.headers.get("content-type") ?? "");
  return { status: answer.status, headers: answer.headers, body, json: isJson && body ? JSON.parse(body) : {} };
}

/** One call of the JSON API. */
export function call(server: Server, path: string, body: object, headers: Record<string, string> = {}): Promise<Answer> {
  const all = { "content-type": "application/json", ...headers };
  return send(server, path, { method: "POST", headers: all, body: JSON.stringify(body) });
}

export const getCode = (server: Server, phone_number: string, network: Record<string, string>) =>
  call(server, "/get_code/", { phone_number }, network);

export const authorize = (server: Server, phone_number: string, code: string, network: Record<string, string>) =>
  call(server, "/authorize/", { phone_number, code }, network);

export const bearer = (access: string) => ({ authorization: `Bearer ${access}` });

/** Logs a phone in over the API. */
export async function logIn(server: Server, phone: string, network = newNetwork()): Promise<Record<string, string>> {
  const { json } = await getCode(server, phone, network);
  const answer = await authorize(server, phone, json.code, network);
  expect(answer.status, answer.body).toBe(200);
  return answer.json;
}

/** A browser without JavaScript: keeps cookies and submits forms. */
export class Browser {
  readonly cookies = new Map<string, string>();
  readonly server: Server;
  readonly network: Record<string, string>;

  constructor(server: Server, network = newNetwork()) {
    this.server = server;
    this.network = network;
  }

  get(path: string): Promise<Answer> {
    return this.send(path, { headers: { accept: "text/html" } });
  }

  submit(action: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> {
    const ours = { accept: "text/html", "sec-fetch-site": "same-origin", ...headers };
    return this.send(`/api/${action}`, { method: "POST", headers: ours, body: new URLSearchParams(form) });
  }

  requestCode(phone: string): Promise<Answer> {
    return this.submit("login/request_code", { phone_number: phone, next: "" });
  }

  verify(code: string): Promise<Answer> {
    return this.submit("login/verify", { code });
  }

  /** The code that the page shows. */
  async shownCode(): Promise<string> {
    return /simulated-sms">\D*(\d+)/.exec((await this.get("/login/code")).body)![1];
  }

  async logIn(phone: string): Promise<void> {
    await this.requestCode(phone);
    const answer = await this.verify(await this.shownCode());
    expect(answer.headers.get("location")).toBe("/profile");
  }

  async isLoggedIn(): Promise<boolean> {
    return (await this.get("/profile")).status === 200;
  }

  /** The header with all cookies, or with these. */
  cookieHeader(cookies = this.cookies): Record<string, string> {
    const all = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    return all ? { cookie: all } : {};
  }

  private async send(path: string, init: RequestInit): Promise<Answer> {
    const headers = { ...this.network, ...this.cookieHeader(), ...(init.headers as Record<string, string>) };
    const answer = await send(this.server, path, { ...init, headers });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
      if (value) this.cookies.set(name, value);
      else this.cookies.delete(name);
    }
    return answer;
  }
}

/** A code of the same length that is not this one. */
export const wrong = (code: string) => (code === "0".repeat(code.length) ? "1" : "0").repeat(code.length);

/** How often each status occurred, as in "1 × 200, 3 × 401". */
export function statuses(answers: { status: number }[]): string {
  const counts = new Map<number, number>();
  for (const { status } of answers) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a - b).map(([status, count]) => `${count} × ${status}`).join(", ");
}

/** One value from a server's database, read while the server runs. */
export const query = (server: Server, sql: string) => server.database.query(sql);

/** A clock that an attack can set and advance, for the one server that is started with its settings. */
export class Clock {
  readonly settings: Record<string, string>;
  private readonly file: number;
  private readonly offsets = new BigInt64Array(2);

  constructor(folder: string) {
    const [library, file] = [join(folder, "clock.so"), join(folder, "clock")];
    execFileSync("cc", ["-shared", "-fPIC", "-O1", "-o", library, new URL("clock.c", import.meta.url).pathname, "-ldl"]);
    this.file = openSync(file, "w+");
    this.write();
    this.settings = { LD_PRELOAD: library, ATTACK_CLOCK: file };
  }

  /** Lets time pass. */
  pass(seconds: number): void {
    this.offsets[1] += BigInt(Math.ceil(seconds));
    this.write();
  }

  /** Sets the system clock forward or back, while no time passes. */
  set(seconds: number): void {
    this.offsets[0] += BigInt(seconds);
    this.write();
  }

  private write(): void {
    writeSync(this.file, Buffer.from(this.offsets.buffer), 0, 16, 0);
  }
}
