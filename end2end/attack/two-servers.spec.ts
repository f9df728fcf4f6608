// Two servers on one PostgreSQL, behind a proxy that gives them requests in turn.

import type { Server } from "../server.ts";
import { amount, expect, found, test } from "./attacker.ts";
import { broken, Load, pause } from "./load.ts";

const SETTINGS = { VOUCH_LIMITS: "relaxed", VOUCH_LOG: "warn", VOUCH_SMS_DELAY_MS: "0-100" };

test("18 · one of two servers is killed, again and again", async ({ serve }) => {
  const server = await serve({ VOUCH_LIMITS: "relaxed", VOUCH_LOG: "warn" });
  const load = new Load(server, true);
  const running = load.run();
  const kills = amount(60, 6);
  for (let kill = 0; kill < kills; kill++) {
    const one = server.processes[kill % 2];
    await pause(300 + ((kill * 37) % 200));
    await one.stop("SIGKILL");
    await pause(300);
    await server.startOne(one);
  }
  load.stop();
  await running;
  const complaints = await broken(server, load.promised, load.unanswered);
  found(
    `${kills} kills in turn`,
    `${load.promised.length} acknowledged logins, ${complaints.length} lost; ${load.lost} requests without an answer, which were on the way to the one that was killed`,
    "0 lost",
  );
  expect(complaints).toEqual([]);
  expect(load.failures.map(({ body }) => body)).toEqual([]);
  // Eight people can have one request each on the way.
  expect(load.lost).toBeLessThanOrEqual(8 * kills);
  expect(load.promised.length).toBeGreaterThan(10 * kills);
});

/** Stops and starts the servers in turn under load. */
async function restartInTurn(server: Server, restarts: number): Promise<{ load: Load; codes: (number | null)[] }> {
  const load = new Load(server, true);
  const running = load.run();
  const codes: (number | null)[] = [];
  for (let restart = 0; restart < restarts; restart++) {
    const one = server.processes[restart % 2];
    await pause(500);
    codes.push(await one.stop("SIGTERM"));
    await server.startOne(one);
    // The proxy looks every half second.
    await pause(1200);
  }
  load.stop();
  await running;
  return { load, codes };
}

/** Nothing was dropped, refused or forgotten. */
async function expectNothingLost({ load, codes }: Awaited<ReturnType<typeof restartInTurn>>, done: string): Promise<void> {
  const complaints = await broken(load.server, load.promised, load.unanswered);
  found(done, `${load.promised.length} logins; ${load.lost} requests without an answer, ${load.failures.length} refused`, "0 dropped");
  expect([load.lost, load.failures.map(({ body }) => body), complaints]).toEqual([0, [], []]);
  expect(new Set(codes)).toEqual(new Set([0]));
}

test("19 · both servers are restarted in turn under load", async ({ serve }) => {
  const server = await serve(SETTINGS);
  const restarts = amount(12, 4);
  await expectNothingLost(await restartInTurn(server, restarts), `${restarts} restarts in turn`);
});

// From the first restart to the second, the release before serves on the tables of this one.
test("21 · two servers of the release before are replaced in turn under load", async ({ prepare }) => {
  const server = prepare(SETTINGS);
  server.executable = process.env.VOUCH_TEST_BEFORE;
  await server.start();
  server.executable = process.env.VOUCH;
  await expectNothingLost(await restartInTurn(server, 2), "an upgrade");
});
