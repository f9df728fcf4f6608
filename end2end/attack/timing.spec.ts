// What the bytes of an answer reveal, and the time that it takes.

import { type Agent, Agent as HttpAgent, request } from "node:http";
import type { Server } from "../server.ts";
import { expect, found, getCode, LONG, logIn, newNetwork, phone, test, amount, wrong } from "./attacker.ts";

/** How much slower one kind of request may be, as a rank-biserial correlation: 0 is not at all, 1 is always slower. */
const LIMIT = LONG ? 0.1 : 0.25;

type Sample = { bytes: string; micros: number };

/** Sends a request on a connection of the agent's and measures how long the answer takes. */
function timed(server: Server, agent: Agent, path: string, body: object, network: Record<string, string>): Promise<Sample> {
  const { hostname, port } = new URL(server.url);
  const headers = { "content-type": "application/json", ...network };
  return new Promise((resolve, reject) => {
    const begun = process.hrtime.bigint();
    const sent = request({ hostname, port, path, method: "POST", agent, headers }, (answer) => {
      let text = "";
      answer.on("data", (data) => (text += data));
      answer.on("end", () => {
        const micros = Number(process.hrtime.bigint() - begun) / 1000;
        const { date, "x-request-id": id, ...rest } = answer.headers;
        resolve({ bytes: JSON.stringify([answer.statusCode, rest, text.replace(/"login":"[0-9a-f]{32}"/, "").replace(/\d/g, "9")]), micros });
      });
    });
    sent.on("error", reject);
    sent.end(JSON.stringify(body));
  });
}

/** Mann and Whitney's U as a rank-biserial correlation, -1 to 1. */
function effect(one: number[], other: number[]): number {
  const all = [...one.map((value) => ({ value, of: 1 })), ...other.map((value) => ({ value, of: 0 }))];
  all.sort((a, b) => a.value - b.value);
  let ranks = 0;
  for (let first = 0; first < all.length; ) {
    let next = first;
    while (next < all.length && all[next].value === all[first].value) next++;
    // Equal values share the mean of their ranks.
    const rank = (first + 1 + next) / 2;
    for (; first < next; first++) ranks += all[first].of * rank;
  }
  const u = ranks - (one.length * (one.length + 1)) / 2;
  return (2 * u) / (one.length * other.length) - 1;
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];

test("5 · known and unknown phones, told apart by bytes or time", async ({ serve }) => {
  // Waits and budgets are out of the way, and the gateway's delay; what is measured is the rest.
  const server = await serve({ VOUCH_LIMITS: "relaxed", VOUCH_RESEND_WAITS: "0s", VOUCH_LOG: "warn" });
  const rounds = amount(5_000, 300);
  const agent = new HttpAgent({ keepAlive: true, maxSockets: 1 });
  const samples = new Map<string, Sample[]>();
  const record = (name: string, sample: Sample) => {
    if (!samples.has(name)) samples.set(name, []);
    samples.get(name)!.push(sample);
  };

  const phones = 20;
  for (let number = 0; number < phones; number++) await logIn(server, phone(number));
  for (let round = -20; round < rounds; round++) {
    const number = Math.abs(round) % phones;
    const kinds = [
      { name: "known", phone_number: phone(number), code: "", network: newNetwork() },
      { name: "unknown", phone_number: phone(1000 + number), code: "", network: newNetwork() },
      { name: "never", phone_number: phone(2000 + number), code: "0000", network: newNetwork() },
    ];
    // Each comes first, second and last as often as the others, and as often before as after each of them.
    const turn = Math.abs(round) % 6;
    kinds.push(...kinds.splice(0, turn % 3));
    if (turn >= 3) kinds.reverse();
    for (const kind of kinds.filter(({ name }) => name !== "never")) {
      const sample = await timed(server, agent, "/get_code/", { phone_number: kind.phone_number }, kind.network);
      if (round >= 0) record(`get_code ${kind.name}`, sample);
      kind.code = wrong((await getCode(server, kind.phone_number, kind.network)).json.code);
    }
    for (const { name, phone_number, code, network } of kinds) {
      const sample = await timed(server, agent, "/authorize/", { phone_number, code }, network);
      if (round >= 0) record(`authorize ${name}`, sample);
    }
  }
  agent.destroy();

  const compare = (what: string, one: string, other: string) => {
    const [a, b] = [samples.get(one)!, samples.get(other)!];
    const kinds = new Set([...a, ...b].map(({ bytes }) => bytes));
    const times = [a, b].map((side) => side.map(({ micros }) => micros));
    const r = effect(times[0], times[1]);
    const medians = times.map((side) => `${Math.round(median(side))} µs`).join(" and ");
    found(`2 × ${a.length} ${what}`, `${kinds.size === 1 ? "same bytes" : `${kinds.size} answers`}; medians ${medians}; effect ${r.toFixed(3)}`, `effect below ${LIMIT}`);
    expect([...kinds].length, [...kinds].join("\n")).toBe(1);
    expect(Math.abs(r)).toBeLessThan(LIMIT);
  };
  compare("get_code, known and unknown", "get_code known", "get_code unknown");
  compare("wrong codes, known and unknown", "authorize known", "authorize unknown");
  compare("wrong codes, after a code was sent and after none", "authorize unknown", "authorize never");
});
