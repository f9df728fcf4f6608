// Guessing login codes.

import { authorize, Browser, Clock, expect, found, getCode, LONG, newNetwork, phone, query, statuses, test, amount, wrong } from "./attacker.ts";

const OWNER = "+79123456789";
/** Seconds between two guesses, so that all 10,000 codes are guessed within a day. */
const STEP = 8;

test("1 · 200 wrong codes at once on one login", async ({ serve }) => {
  const server = await serve();
  const evaluated = () => query(server, "SELECT count(*) FROM budget_uses WHERE budget = 'wrong-per-phone'");

  const { json } = await getCode(server, OWNER, newNetwork());
  const guesses = await Promise.all(
    Array.from({ length: 200 }, () => authorize(server, OWNER, wrong(json.code), newNetwork())),
  );
  const right = await authorize(server, OWNER, json.code, newNetwork());
  found("200, API", `${statuses(guesses)}; ${evaluated()} evaluated; then the right code: ${right.status}`, "3 evaluated");
  expect(guesses.every(({ status }) => status === 401)).toBe(true);
  expect([evaluated(), right.status]).toEqual(["3", 401]);

  const browser = new Browser(server);
  await browser.requestCode("+79123456780");
  const code = await browser.shownCode();
  const forms = await Promise.all(
    Array.from({ length: 200 }, () => browser.submit("login/verify", { code: wrong(code) }, newNetwork())),
  );
  const last = await browser.submit("login/verify", { code }, newNetwork());
  const inAll = Number(evaluated()) - 3;
  found("200, web", `${statuses(forms)}; ${inAll} evaluated; the right code leads to ${last.headers.get("location")}`, "3 evaluated");
  expect(forms.every(({ status }) => status < 500)).toBe(true);
  expect([inAll, last.headers.get("location")]).toEqual([3, "/login/code"]);
});

test("2 · every code for one phone, in new logins, from many addresses, by API and web", async ({ serve }, info) => {
  const clock = new Clock(info.outputPath("."));
  const server = await serve(clock.settings);
  const owner = new Browser(server);
  await owner.logIn(OWNER);

  const codes = amount(10_000, 400);
  const answers: { status: number }[] = [];
  let [browser, browserCode] = [new Browser(server), ""];
  let apiCode = "";
  for (let guess = 0; guess < codes; guess++) {
    clock.pass(STEP);
    const code = String(guess).padStart(4, "0");
    const network = newNetwork();
    if (guess % 2) {
      const sent = await getCode(server, OWNER, network);
      if (sent.status === 200) apiCode = sent.json.code;
      // The right code is left out: guessing it by chance would fail the test.
      if (code !== apiCode) answers.push(await authorize(server, OWNER, code, network));
    } else {
      const next = new Browser(server, network);
      if ((await next.requestCode(OWNER)).headers.get("location") === "/login/code") {
        browser = next;
        browserCode = await browser.shownCode();
      }
      if (code !== browserCode) answers.push(await browser.submit("login/verify", { code }, network));
    }
  }
  const charged = query(server, "SELECT count(*) FROM budget_uses WHERE budget = 'wrong-per-phone' AND subject LIKE '+%'");
  // Each guess that was counted at a code was evaluated, and no other.
  const evaluated = query(server, "SELECT sum(tries) FROM login_codes WHERE used_at IS NULL");
  const asked = await getCode(server, OWNER, newNetwork());
  await owner.submit("logout", {});
  await owner.logIn(OWNER);
  found(
    `${answers.length} guesses in ${Math.round((codes * STEP) / 360) / 10} h`,
    `${evaluated} evaluated; a code requested by an unknown device: ${asked.status}; the owner logs in on a known device`,
    "9 a day",
  );
  expect([evaluated, charged, asked.status]).toEqual(["9", "9", 429]);
  expect(answers.every(({ status }) => status < 500)).toBe(true);
});

test("3 · guesses spread over many phones", async ({ serve }, info) => {
  const clock = new Clock(info.outputPath("."));
  const short = { VOUCH_WRONG_UNTIL_LONG_CODES: "10", VOUCH_WRONG_UNTIL_STOP: "50/24h" };
  const server = await serve({ ...clock.settings, ...(LONG ? {} : short) });
  const [longCodesAt, stopAt] = LONG ? [100, 1000] : [10, 50];
  const owner = new Browser(server);
  await owner.logIn(OWNER);

  let [guessed, longCodesFrom, pausedFrom] = [0, 0, 0];
  const phones = amount(2000, 60);
  for (let number = 0; number < phones; number++) {
    const network = newNetwork();
    const sent = await getCode(server, phone(number), network);
    if (sent.status === 503) {
      pausedFrom ||= guessed;
      continue;
    }
    expect(sent.status, sent.body).toBe(200);
    expect(pausedFrom).toBe(0);
    if (sent.json.code.length === 6) longCodesFrom ||= guessed;
    for (let guess = 0; guess < 3; guess++) {
      const { status } = await authorize(server, phone(number), wrong(sent.json.code), network);
      if (status === 401) guessed++;
    }
  }
  const evaluated = query(server, "SELECT count(*) FROM budget_uses WHERE budget = 'wrong-by-strangers'");
  await owner.submit("logout", {});
  await owner.requestCode(OWNER);
  const ownersCode = await owner.shownCode();
  await owner.verify(ownersCode);
  expect(await owner.isLoggedIn()).toBe(true);
  clock.pass(24 * 3600);
  const after = await getCode(server, phone(phones), newNetwork());
  found(
    `${phones} phones`,
    `codes of 6 digits from guess ${longCodesFrom} on, ${evaluated} evaluated and then none; the owner was sent ${ownersCode.length} digits and logged in; ` +
      `a day later an unknown device was sent ${after.json.code.length} digits`,
    `${longCodesAt} and ${stopAt}`,
  );
  // A login in which the limit is reached already has its code.
  expect(longCodesFrom).toBeGreaterThanOrEqual(longCodesAt);
  expect(longCodesFrom).toBeLessThan(longCodesAt + 3);
  await server.stop();

  // All codes are requested first, while they are short, and guessed afterwards.
  const collected = await serve(LONG ? {} : short);
  const sent: [Record<string, string>, string, string][] = [];
  for (let number = 0; number < amount(400, 40); number++) {
    const network = newNetwork();
    sent.push([network, phone(number), (await getCode(collected, phone(number), network)).json.code]);
  }
  for (const [network, phone, code] of sent) for (let guess = 0; guess < 3; guess++) await authorize(collected, phone, wrong(code), network);
  const counted = query(collected, "SELECT count(*) FROM budget_uses WHERE budget = 'wrong-by-strangers'");
  const [network, late, code] = sent.at(-1)!;
  const rightOne = await authorize(collected, late, code, network);
  found(`${sent.length} codes requested first, then guessed`, `${counted} guesses at 4 digits evaluated; then a right code: ${rightOne.status}`, `${longCodesAt}`);
  expect([counted, rightOne.status]).toEqual([String(longCodesAt), 401]);
  expect(evaluated).toBe(String(stopAt));
  expect(pausedFrom).toBeGreaterThan(0);
  expect([ownersCode.length, after.json.code.length]).toEqual([4, 4]);
});
