// The server is killed, is stopped, has no space on its disk, or cannot use its database.

import { execFileSync, spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Answer, authorize, Browser, expect, found, getCode, newNetwork, phone, send, statuses, test, amount } from "./attacker.ts";
import { broken, Load, pause } from "./load.ts";

test("9 · kill -9 under write load", async ({ serve }) => {
  const server = await serve({ VOUCH_LIMITS: "relaxed", VOUCH_LOG: "warn" });
  const load = new Load(server);
  const complaints: string[] = [];
  const kills = amount(200, 8);
  let [promised, unanswered] = [0, 0];
  for (let kill = 0; kill < kills; kill++) {
    const [from, doubtful] = [load.promised.length, load.unanswered.length];
    const running = load.run();
    // After a different time in each round.
    await pause(100 + ((kill * 37) % 200));
    await server.stop("SIGKILL");
    await running;
    await server.start();
    const news = load.promised.slice(from);
    complaints.push(...(await broken(server, news, load.unanswered.slice(doubtful))));
    promised += news.length;
    unanswered += load.unanswered.length - doubtful;
  }
  found(`${kills} kills`, `${promised} acknowledged logins and ${load.promised.filter(({ redeemed }) => redeemed).length} redemptions, ${unanswered} logins without an answer; ${complaints.length} lost; integrity_check ok`, "0 lost");
  expect(complaints).toEqual([]);
  expect(load.failures.map(({ body }) => body)).toEqual([]);
  expect(promised).toBeGreaterThan(kills);
});

test("12 · SIGTERM under write load", async ({ serve }) => {
  const server = await serve({ VOUCH_LIMITS: "relaxed", VOUCH_LOG: "warn", VOUCH_SMS_DELAY_MS: "0-30" });
  const load = new Load(server);
  const complaints: string[] = [];
  const codes: (number | null)[] = [];
  const stops = amount(20, 4);
  for (let stop = 0; stop < stops; stop++) {
    const [from, doubtful] = [load.promised.length, load.unanswered.length];
    const running = load.run();
    await pause(300 + ((stop * 37) % 200));
    codes.push(await server.stop("SIGTERM"));
    await running;
    await server.start();
    complaints.push(...(await broken(server, load.promised.slice(from), load.unanswered.slice(doubtful))));
  }
  found(`${stops} stops`, `${load.promised.length} acknowledged logins, ${complaints.length} lost; exit codes ${[...new Set(codes)]}`, "0 lost, exit 0");
  expect(complaints).toEqual([]);
  expect(load.failures.map(({ body }) => body)).toEqual([]);
  expect(new Set(codes)).toEqual(new Set([0]));
});

test("10 · a full disk, and a locked database", async ({ serve }) => {
  // The server has a small disk of its own, in a mount namespace of its own.
  const small = "mkdir small && mount -t tmpfs -o size=1m small small && cd small && exec \"$0\"";
  const server = await serve({ VOUCH_LOG: "warn", VOUCH_DATABASE_URL: "sqlite:vouch.db" }, ["unshare", "--map-root-user", "--mount", "sh", "-c", small], "sqlite");
  const disk = `/proc/${server.pid}/cwd`;
  const owner = new Browser(server);
  await owner.logIn(phone(1));
  const { json } = await getCode(server, phone(2), newNetwork());

  fill(join(disk, "filler"));
  // The first requests may still fit into free pages of the database; the last ones do not.
  const answers: Answer[] = [];
  for (let number = 100; number < 160; number++) answers.push(await getCode(server, phone(number), newNetwork()));
  const full = answers.at(-1)!;
  const login = await authorize(server, phone(2), json.code, newNetwork());
  const form = await new Browser(server).requestCode(phone(3));
  const reading = await owner.get("/profile");
  rmSync(join(disk, "filler"));
  const recovered = [await getCode(server, phone(200), newNetwork()), await authorize(server, phone(2), json.code, newNetwork())];
  found(
    "full disk, 63 requests",
    `${statuses(answers)}; a login: ${login.status}; a form: ${form.status}; reading: ${reading.status}; after space was freed: ${statuses(recovered)}`,
    "503 and recovery",
  );
  expect(answers.every(({ status }) => status === 200 || status === 503)).toBe(true);
  expect([full.status, full.headers.get("retry-after"), full.headers.get("content-type")]).toEqual([503, "60", "application/problem+json"]);
  expect([login.status, form.status, reading.status]).toEqual([503, 503, 200]);
  expect(form.body).toContain("Nothing was changed. Try again in a minute.");
  expect(recovered.map(({ status }) => status)).toEqual([200, 200]);

  const other = await serve({ VOUCH_LOG: "warn" }, [], "sqlite");
  await new Browser(other).logIn(phone(1));
  const script = "import sqlite3,sys,time; c=sqlite3.connect(sys.argv[1]); c.execute('BEGIN EXCLUSIVE'); print('locked',flush=True); time.sleep(12)";
  const locker = spawn("python3", ["-c", script, join(other.folder, "vouch.db")]);
  await new Promise((resolve) => locker.stdout.once("data", resolve));
  const locked = await Promise.all(Array.from({ length: 20 }, (_, number) => getCode(other, phone(300 + number), newNetwork())));
  const page = await send(other, "/login", { headers: { accept: "text/html" } });
  await new Promise((resolve) => locker.once("exit", resolve));
  const unlocked = await Promise.all(Array.from({ length: 20 }, (_, number) => getCode(other, phone(400 + number), newNetwork())));
  found("database locked for 12 s, 20 requests", `${statuses(locked)}; the login page: ${page.status}; afterwards: ${statuses(unlocked)}`, "503 and recovery");
  expect(locked.every(({ status }) => status === 503)).toBe(true);
  expect([page.status, statuses(unlocked)]).toEqual([200, "20 × 200"]);
  expect(other.database.check()).toBe("ok");
});

/** Writes a file until the disk is full to the last byte. */
function fill(path: string): void {
  try {
    for (let size = 64 * 1024; ; ) writeFileSync(path, Buffer.alloc(size), { flag: "a" });
  } catch {
    // The rest of the disk, byte by byte.
    try {
      execFileSync("sh", ["-c", `while printf x >> "$0"; do :; done`, path], { stdio: "ignore" });
    } catch {
      // Full.
    }
  }
}
