// Forms of other sites, planted and stolen session cookies, and forged addresses.

import { request } from "node:http";
import { PLACE } from "../server.ts";
import { Browser, call, expect, found, from, getCode, phone, send, test, amount } from "./attacker.ts";

const OWNER = "+79123456789";

test("6 · cross-site forms, planted and ended sessions", async ({ serve }) => {
  const server = await serve();
  const owner = new Browser(server);
  await owner.logIn(OWNER);
  const other = new Browser(server);
  await other.logIn("+79123456780");
  const code = /invite-code">(\w{6})/.exec((await other.get("/profile")).body)![1];

  const sites: Record<string, string>[] = [
    {},
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: `${server.url}.evil.example` },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { "sec-fetch-site": "cross-site", origin: server.url },
    { "sec-fetch-site": "nonsense" },
  ];
  const forms = [
    ["profile/redeem", { invite_code: code }],
    ["logout", {}],
    ["login/request_code", { phone_number: "+79123456781", next: "" }],
    ["login/verify", { code: "0000" }],
    ["login/send_again", {}],
  ] as const;
  const answers: number[] = [];
  for (const site of sites) {
    for (const [action, form] of forms) {
      const headers = { ...owner.cookieHeader(), ...site };
      answers.push((await send(server, `/api/${action}`, { method: "POST", headers, body: new URLSearchParams(form) })).status);
    }
  }
  const gets: number[] = [];
  for (const [action] of forms) gets.push((await owner.get(`/api/${action}`)).status);
  const page = (await owner.get("/profile")).body;
  found(
    `${answers.length} forms, ${gets.length} GETs`,
    `${answers.filter((status) => status === 403).length} × 403, ${gets.filter((status) => status === 405).length} × 405; still logged in, nothing redeemed`,
    "all refused",
  );
  expect(new Set(answers)).toEqual(new Set([403]));
  expect(new Set(gets)).toEqual(new Set([405]));
  expect(page).toContain('name="invite_code"');

  // Fixation: the victim logs in with a session that the attacker has made.
  const attacker = new Browser(server);
  await attacker.requestCode(phone(1));
  const planted = attacker.cookies.get("vouch")!;
  const victim = new Browser(server);
  victim.cookies.set("vouch", planted);
  await victim.logIn(phone(2));
  const invented = new Browser(server);
  invented.cookies.set("vouch", "ab".repeat(32));
  await invented.logIn(phone(3));
  const fixed = [await attacker.isLoggedIn(), victim.cookies.get("vouch") === planted, invented.cookies.get("vouch") === "ab".repeat(32)];
  found("2 planted sessions", "each login gets a new session id; the planted ids log nobody in", "never accepted");
  expect(fixed).toEqual([false, false, false]);

  // Copies of the cookie, after the owner has logged out while forms that write to the session were in progress.
  const rounds = amount(20, 4);
  let revived = 0;
  for (let round = 0; round < rounds; round++) {
    const member = new Browser(server);
    await member.logIn(phone(100 + round));
    const cookie = member.cookies.get("vouch")!;
    const copies = Array.from({ length: 20 }, () => {
      const copy = new Browser(server);
      copy.cookies.set("vouch", cookie);
      return copy;
    });
    const underWay = copies.map((copy) => copy.submit("profile/redeem", { invite_code: "!" }));
    await member.submit("logout", {});
    await Promise.all(underWay);
    for (const copy of copies) if (await copy.isLoggedIn()) revived++;
    const thief = new Browser(server);
    thief.cookies.set("vouch", cookie);
    if (await thief.isLoggedIn()) revived++;
  }
  found(`${rounds} log-outs during 20 forms each`, `${revived} of ${rounds * 21} copied cookies still work afterwards`, "0 revived");
  expect(revived).toBe(0);
});

test("7 · forged X-Forwarded-For", async ({ serve }) => {
  const MOST = 5; // phones an hour from one address
  const PHONES = 12;
  /** How many new phones are sent a code, if each code is requested with the header that `forge` makes. */
  const sent = async (hops: number, forge: (number: number) => string[]) => {
    const server = await serve({ VOUCH_TRUSTED_HOPS: String(hops), VOUCH_PHONES_PER_ADDRESS: `${MOST}/1h` });
    let sent = 0;
    for (let number = 0; number < PHONES; number++) {
      const status = await new Promise((resolve, reject) => {
        // Not by fetch, which joins several header lines into one.
        const headers = { "content-type": "application/json", "x-forwarded-for": forge(number) };
        const sent = request(`${server.url}/get_code/`, { method: "POST", headers }, (answer) => resolve(answer.resume().statusCode));
        sent.on("error", reject);
        sent.end(JSON.stringify({ phone_number: phone(number) }));
      });
      if (status === 200) sent++;
    }
    await server.stop();
    return sent;
  };
  const forged = (number: number) => from(number)["x-forwarded-for"];
  const [me, proxy] = ["203.0.113.9", "198.51.100.1"];

  const cases: [string, number, (number: number) => string[], number][] = [
    ["0 hops, the only entry", 0, (number) => [forged(number)], MOST],
    ["0 hops, last of three", 0, (number) => [`${me}, ${proxy}, ${forged(number)}`], MOST],
    ["1 hop, first of two", 1, (number) => [`${forged(number)}, ${me}`], MOST],
    ["1 hop, in a header of its own", 1, (number) => [forged(number), me], MOST],
    ["1 hop, last of 21", 1, (number) => [`${Array(20).fill(forged(number)).join(", ")}, ${me}`], MOST],
    ["1 hop, IPv6 of one /64", 1, (number) => [`2001:db8::${number.toString(16)}`], MOST],
    ["2 hops, first of three", 2, (number) => [`${forged(number)}, ${me}, ${proxy}`], MOST],
    ["2 hops, five entries, two of them invalid", 2, (number) => [`unknown, ${forged(number)}, _hidden, ${me}, ${proxy}`], MOST],
    ["1 hop, what the proxy wrote", 1, (number) => [`${me}, ${forged(number)}`], PHONES],
    ["2 hops, what the outer proxy wrote", 2, (number) => [`${me}, ${forged(number)}, ${proxy}`], PHONES],
  ];
  const wrong: string[] = [];
  for (const [name, hops, forge, expected] of cases) {
    const got = await sent(hops, forge);
    if (got !== expected) wrong.push(`${name}: ${got} instead of ${expected}`);
  }
  found(`${cases.length} positions × ${PHONES} phones`, `${MOST} phones for every forged header; ${PHONES} for true addresses`, `${MOST} an hour`);
  expect(wrong).toEqual([]);
});

test("13 · two servers on one database share every budget", async ({ serve }) => {
  const limits = { VOUCH_PHONES_PER_ADDRESS: "5/1h" };
  const one = await serve(limits);
  const two = await serve(limits, [], PLACE, { ...one.database, drop: () => {} });
  let sent = 0;
  for (let number = 0; number < 12; number++) {
    const { status } = await getCode(number % 2 ? one : two, phone(number), from(1));
    if (status === 200) sent++;
  }
  const { status } = await call(two, "/get_code/", { phone_number: phone(0) }, from(2));
  found("12 phones, alternating between the servers", `${sent} sent; a repeated request to the other server: ${status}`, "5 an hour, 429");
  expect([sent, status]).toEqual([5, 429]);
});
