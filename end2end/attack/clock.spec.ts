// The system clock is set while the server runs, and while it is stopped.

import { authorize, Clock, expect, found, getCode, newNetwork, phone, test, wrong } from "./attacker.ts";

const HOUR = 3600;

test("11 · the system clock set forward and back", async ({ serve }, info) => {
  const clock = new Clock(info.outputPath("."));
  const server = await serve({ ...clock.settings, VOUCH_PHONES_PER_ADDRESS: "5/1h" });

  // Back: no code works longer.
  const network = newNetwork();
  const first = await getCode(server, phone(1), network);
  clock.set(-HOUR);
  clock.pass(601);
  const outlived = await authorize(server, phone(1), first.json.code, network);

  // Back, while the server is stopped.
  const second = await getCode(server, phone(2), network);
  await server.stop();
  clock.set(-HOUR);
  await server.start();
  const stillGood = await authorize(server, phone(2), wrong(second.json.code), network);
  clock.pass(601);
  const outlivedRestart = await authorize(server, phone(2), second.json.code, network);

  // Forward: no budget is renewed.
  const asked: number[] = [];
  for (let number = 10; number < 15; number++) asked.push((await getCode(server, phone(number), network)).status);
  clock.set(HOUR);
  const afterwards = await getCode(server, phone(20), network);
  clock.set(2 * HOUR);
  const later = await getCode(server, phone(21), network);
  // Time that has passed does renew it.
  clock.pass(HOUR);
  const renewed = await getCode(server, phone(22), network);

  found("4 clock changes", `a code after 601 s: ${outlived.status}, after a restart too: ${outlivedRestart.status}; an exhausted budget: ${afterwards.status}, ${later.status}; after an hour has passed: ${renewed.status}`, "401, 401, 429, 429, 200");
  expect(stillGood.status).toBe(401);
  expect(asked.filter((status) => status === 200)).toHaveLength(3);
  expect([outlived, outlivedRestart, afterwards, later, renewed].map(({ status }) => status)).toEqual([401, 401, 429, 429, 200]);
});
