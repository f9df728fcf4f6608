// Loads /login and /profile on a slow phone, as Lighthouse imagines it, and lets Lighthouse judge both pages.

import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { type Browser, type BrowserContext, type CDPSession, type Page, chromium, expect, test } from "@playwright/test";
import { launchOptions } from "../chromium.ts";
import { Server } from "../server.ts";

const TIMES = 5;
const LANGUAGES = ["en", "ru"];
/** Lighthouse's phone (core/config/constants.js, mobileSlow4G): 150 ms, 1.6 Mbit/s down, 0.75 up, a CPU that is 4 times slower. */
const NETWORK = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 0.75e6 / 8 };
const CPU = 4;
const SCREEN = { viewport: { width: 412, height: 823 }, deviceScaleFactor: 1.75, isMobile: true, hasTouch: true };
/** How long a page may need until it can be used in full. */
const PATIENCE = 15_000;
/** What blocks for longer than this counts (web.dev/articles/tbt). */
const LONG_TASK = 50;

/** Milliseconds after the navigation began; `null` for what did not happen. */
type Visit = { fcp: number; lcp: number; hydrated: number | null; blocking: number; bytes: Record<string, number> };

test("pages on a slow phone", async () => {
  const server = new Server({ VOUCH_SMS_DELAY_MS: "0", VOUCH_LOG: "warn" });
  await server.start();
  const port = await freePort();
  const args = [...launchOptions.args, `--remote-debugging-port=${port}`];
  const browser = await chromium.launch({ ...launchOptions, args });
  const results: Record<string, object> = {};
  try {
    const cookie = await logIn(browser, server);
    for (const [path, sent] of [["/login", ""], ["/profile", cookie]]) {
      for (const language of LANGUAGES) {
        const visits = [];
        for (let time = 0; time < TIMES; time++) visits.push(await visit(browser, server, path, language, sent));
        const headers = { "Accept-Language": language, ...(sent && { Cookie: sent }) };
        const scores = await judge(server.url + path, port, headers);
        results[`${path} ${language}`] = print(`${path} in ${language}`, visits, scores);
      }
    }
  } finally {
    await browser.close();
    await server.remove();
  }
  const folder = process.env.BENCH_FOLDER!;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "bench-page.json"), `${JSON.stringify(results, null, 2)}\n`);
});

/** Logs a member in by the forms; returns the cookies. */
async function logIn(browser: Browser, server: Server): Promise<string> {
  const context = await browser.newContext();
  const submit = async (form: string, fields: Record<string, string>) => {
    const headers = { accept: "text/html", "sec-fetch-site": "same-origin" };
    const answer = await context.request.post(`${server.url}/api/login/${form}`, { form: fields, headers });
    return answer.text();
  };
  const page = await submit("request_code", { phone_number: "+79123456789", next: "" });
  const profile = await submit("verify", { code: /simulated-sms">\D*(\d+)/.exec(page)![1], next: "" });
  expect(profile).toContain("invite-code");
  const cookies = await context.cookies();
  await context.close();
  return cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
}

/** One visit with an empty cache. */
async function visit(browser: Browser, server: Server, path: string, locale: string, cookie: string): Promise<Visit> {
  const context: BrowserContext = await browser.newContext({ ...SCREEN, locale });
  const cookies = cookie.split("; ").filter(Boolean).map((one) => one.split("="));
  await context.addCookies(cookies.map(([name, value]) => ({ name, value, url: server.url })));
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  const bytes = await countBytes(devtools);
  await devtools.send("Network.emulateNetworkConditions", NETWORK);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: CPU });
  await page.addInitScript(observe);
  const answer = await page.goto(server.url + path, { waitUntil: "load" });
  // A redirect to the login would be another page.
  expect(answer!.url()).toBe(server.url + path);
  const hydrated = await whenHydrated(page);
  // Tasks are told of when they have ended.
  await page.waitForTimeout(1_000);
  const { fcp, lcp, tasks } = await page.evaluate(() => (window as unknown as { seen: Seen }).seen);
  await context.close();
  const late = tasks.filter(([start, length]) => start + length > fcp).map(([, length]) => Math.max(0, length - LONG_TASK));
  return { fcp, lcp, hydrated, blocking: late.reduce((sum, one) => sum + one, 0), bytes };
}

type Seen = { fcp: number; lcp: number; hydrated: number; tasks: [start: number, length: number][] };

/** Runs in the page, before anything else. */
function observe(): void {
  const seen: Seen = { fcp: 0, lcp: 0, hydrated: 0, tasks: [] };
  (window as unknown as { seen: Seen }).seen = seen;
  const watch = (type: string, note: (entry: PerformanceEntry) => void) =>
    new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true });
  watch("paint", ({ name, startTime }) => {
    if (name === "first-contentful-paint") seen.fcp = startTime;
  });
  watch("largest-contentful-paint", ({ startTime }) => (seen.lcp = startTime));
  watch("longtask", ({ startTime, duration }) => seen.tasks.push([startTime, duration]));
  new MutationObserver(() => {
    if (!seen.hydrated && document.documentElement?.dataset.hydrated !== undefined) seen.hydrated = performance.now();
  }).observe(document, { attributes: true, childList: true, subtree: true });
}

async function whenHydrated(page: Page): Promise<number | null> {
  const isHydrated = () => (window as unknown as { seen: Seen }).seen.hydrated > 0;
  try {
    await page.waitForFunction(isHydrated, undefined, { timeout: PATIENCE });
  } catch {
    return null;
  }
  return page.evaluate(() => (window as unknown as { seen: Seen }).seen.hydrated);
}

/** Bytes on the wire, with the heads of the answers, by kind of file. */
async function countBytes(devtools: CDPSession): Promise<Record<string, number>> {
  const bytes: Record<string, number> = {};
  const kinds = new Map<string, string>();
  devtools.on("Network.responseReceived", ({ requestId, response, type }) => {
    kinds.set(requestId, response.mimeType === "application/wasm" ? "wasm" : type.toLowerCase());
  });
  devtools.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const kind = kinds.get(requestId) ?? "other";
    bytes[kind] = (bytes[kind] ?? 0) + encodedDataLength;
  });
  await devtools.send("Network.enable");
  return bytes;
}

type Scores = Record<string, number>;

/** What Lighthouse finds; its package is beside this file, because only this needs it. */
async function judge(url: string, port: number, extraHeaders: Record<string, string>): Promise<Scores> {
  const { default: lighthouse } = await import(new URL("lighthouse/node_modules/lighthouse/core/index.js", import.meta.url).href);
  const found = await lighthouse(url, { port, logLevel: "error", extraHeaders });
  const scores: Scores = {};
  for (const { id, score } of Object.values(found.lhr.categories) as { id: string; score: number }[]) {
    scores[id] = Math.round(score * 100);
  }
  type Audit = { id: string; score: number | null; scoreDisplayMode: string };
  for (const { id, score, scoreDisplayMode } of Object.values(found.lhr.audits) as Audit[]) {
    if (scoreDisplayMode === "binary" && score !== 1) console.log(`  ${url} does not meet "${id}"`);
  }
  for (const audit of ["first-contentful-paint", "largest-contentful-paint", "interactive", "total-blocking-time"]) {
    scores[audit] = Math.round(found.lhr.audits[audit].numericValue);
  }
  return scores;
}

function print(path: string, visits: Visit[], scores: Scores): object {
  const middle = (read: (visit: Visit) => number) => Math.round(visits.map(read).sort((a, b) => a - b)[TIMES >> 1]);
  const hydrated = visits.some(({ hydrated }) => hydrated === null) ? null : middle(({ hydrated }) => hydrated!);
  const kinds = Object.keys(visits[0].bytes);
  const bytes = Object.fromEntries(kinds.map((kind) => [kind, middle((visit) => visit.bytes[kind] ?? 0)]));
  const times = { fcp: middle(({ fcp }) => fcp), lcp: middle(({ lcp }) => lcp), hydrated, blocking: middle(({ blocking }) => blocking) };
  console.log(`\n${path}, an empty cache, the median of ${TIMES}:`);
  const sum = Object.values(bytes).reduce((sum, one) => sum + one, 0);
  console.log(`  bytes       ${sum}: ${kinds.map((kind) => `${kind} ${bytes[kind]}`).join(", ")}`);
  console.log(`  ms          FCP ${times.fcp}, LCP ${times.lcp}, hydrated ${hydrated ?? "never"}, blocking ${times.blocking}`);
  console.log(`  Lighthouse  ${Object.entries(scores).map(([name, score]) => `${name} ${score}`).join(", ")}`);
  return { bytes, ...times, lighthouse: scores };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return port;
}
