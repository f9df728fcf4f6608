// PostgreSQL goes away and comes back.

import { Cluster } from "../database.ts";
import { Browser, expect, found, getCode, newNetwork, phone, send, statuses, test } from "./attacker.ts";
import { broken, Load, pause } from "./load.ts";
import { PLACE } from "../server.ts";

test("20 · PostgreSQL is stopped under load", async ({ serve }) => {
  const own = new Cluster();
  await own.start();
  const server = await serve({ VOUCH_LIMITS: "relaxed", VOUCH_LOG: "error" }, [], PLACE, own.database());
  const owner = new Browser(server);
  await owner.logIn(phone(90_000));
  const load = new Load(server, true);
  const running = load.run();
  await pause(1000);
  // Without waiting for anybody, as when the machine is lost.
  await own.stop("SIGQUIT");
  const began = Date.now();
  const away = await Promise.all(Array.from({ length: 20 }, (_, number) => getCode(server, phone(80_000 + number), newNetwork())));
  const page = await owner.get("/profile");
  const longest = Date.now() - began;
  load.stop();
  await running;
  await own.start();
  const back = Date.now();
  while ((await owner.get("/profile")).status !== 200) expect(Date.now() - back).toBeLessThan(5000);
  const recovered = Date.now() - back;
  const complaints = await broken(server, load.promised, load.unanswered);
  const ready = await send(server, "/readyz", {});
  found(
    "20 requests and a page while it is away",
    `${statuses(away)}; the page: ${page.status}; ${load.promised.length} acknowledged logins, ${complaints.length} lost`,
    "503, and recovery within 5 s",
  );
  expect(away.every(({ status, headers }) => status === 503 && headers.get("retry-after") !== null)).toBe(true);
  expect(page.status).toBe(503);
  expect(longest).toBeLessThan(10_000);
  expect(recovered).toBeLessThan(5000);
  expect([ready.status, complaints]).toEqual([200, []]);
  expect(load.failures.every(({ status }) => status === 503)).toBe(true);
  expect(load.promised.length).toBeGreaterThan(10);
  await server.stop();
  await own.remove();
});
