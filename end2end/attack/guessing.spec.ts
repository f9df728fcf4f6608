// Guessing login codes.

import { authorize, Browser, Clock, expect, found, getCode, LONG, newNetwork, phone, query, statuses, test, amount, wrong } from "./attacker.ts";

const OWNER = "+79123456789";
/** Seconds between two guesses, so that all 10,000 codes are guessed within a day. */
const STEP = 8;

test("1 · 200 wrong codes at once on one login", async ({ serve }) => {
  const server = await serve();
  const evaluated = () => query(server, "SELECT count(*) FROM budget_uses WHERE budget = 'wrong-per-phone' AND subject NOT LIKE '% %'");

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

  const guesses = amount(10_000, 400);
  const answers: { status: number }[] = [];
  let [browser, browserCode] = [new Browser(server), ""];
  let apiCode = "";
  for (let guess = 0; guess < guesses; guess++) {
    clock.pass(STEP);
    const network = newNetwork();
    const like = (code: string) => String(guess).padStart(code.length || 4, "0");
    if (guess % 2) {
      const sent = await getCode(server, OWNER, network);
      if (sent.status === 200) apiCode = sent.json.code;
      // The right code is left out: guessing it by chance would fail the test.
      if (like(apiCode) !== apiCode) answers.push(await authorize(server, OWNER, like(apiCode), network));
    } else {
      const next = new Browser(server, network);
      if ((await next.requestCode(OWNER)).headers.get("location") === "/login/code") {
        browser = next;
        browserCode = await browser.shownCode();
      }
      if (like(browserCode) !== browserCode) answers.push(await browser.submit("login/verify", { code: like(browserCode) }, network));
    }
  }
  // Each guess that was counted at a code was evaluated, and no other.
  const evaluated = (length: number) => Number(query(server, `SELECT coalesce(sum(tries), 0) FROM login_codes WHERE used_at IS NULL AND length = ${length}`));
  const [short, long] = [evaluated(4), evaluated(8)];
  await owner.submit("logout", {});
  await owner.logIn(OWNER);
  clock.pass(24 * 3600);
  const next = new Browser(server);
  await next.logIn(OWNER);
  found(
    `${answers.length} guesses in ${Math.round((guesses * STEP) / 360) / 10} h`,
    `evaluated: ${short} at 4 digits, ${long} at 8 digits; the owner logs in on a known device, and a day later on a new one`,
    "9 and 100 a day",
  );
  expect(short).toBeLessThanOrEqual(9);
  expect(long).toBeLessThanOrEqual(100);
  expect(answers.every(({ status }) => status < 500)).toBe(true);
});

test("3 · guesses spread over many phones", async ({ serve }, info) => {
  const clock = new Clock(info.outputPath("."));
  const short = { VOUCH_WRONG_UNTIL_LONG_CODES: "10", VOUCH_WRONG_UNTIL_LONGEST_CODES: "50" };
  const server = await serve({ ...clock.settings, ...(LONG ? {} : short) });
  const [longAt, longestAt] = LONG ? [100, 1000] : [10, 50];
  const owner = new Browser(server);
  await owner.logIn(OWNER);

  const from: Record<number, number> = {};
  let guessed = 0;
  const phones = amount(2000, 60);
  for (let number = 0; number < phones; number++) {
    const network = newNetwork();
    const sent = await getCode(server, phone(number), network);
    expect(sent.status, sent.body).toBe(200);
    from[sent.json.code.length] ??= guessed;
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
  const newcomer = new Browser(server);
  await newcomer.requestCode(phone(phones));
  const newcomersCode = await newcomer.shownCode();
  await newcomer.verify(newcomersCode);
  expect(await newcomer.isLoggedIn()).toBe(true);
  clock.pass(24 * 3600);
  const after = await getCode(server, phone(phones + 1), newNetwork());
  found(
    `${phones} phones`,
    `${evaluated} evaluated, codes of 6 digits from guess ${from[6]} on and of 8 from ${from[8]} on; then a newcomer logs in with ${newcomersCode.length} digits, ` +
      `the owner of a known device with ${ownersCode.length}; a day later an unknown device was sent ${after.json.code.length}`,
    `${longAt} and ${longestAt}`,
  );
  // A login in which the limit is reached already has its code.
  for (const [length, at] of [[6, longAt], [8, longestAt]]) {
    expect(from[length]).toBeGreaterThanOrEqual(at);
    expect(from[length]).toBeLessThan(at + 4);
  }
  expect([newcomersCode.length, ownersCode.length, after.json.code.length]).toEqual([8, 4, 4]);
  await server.stop();

  // All codes are requested first, while they are short, and guessed afterwards.
  const collected = await serve(LONG ? {} : short);
  const honest = new Browser(collected);
  await honest.requestCode(OWNER);
  const shortCode = await honest.shownCode();
  const sent: [Record<string, string>, string, string][] = [];
  for (let number = 0; number < amount(400, 40); number++) {
    const network = newNetwork();
    sent.push([network, phone(number), (await getCode(collected, phone(number), network)).json.code]);
  }
  for (const [network, phone, code] of sent) for (let guess = 0; guess < 3; guess++) await authorize(collected, phone, wrong(code), network);
  const counted = query(collected, "SELECT sum(tries) FROM login_codes WHERE length = 4");
  const refused = await honest.verify(shortCode);
  const longerCode = await honest.shownCode();
  await honest.verify(longerCode);
  found(
    `${sent.length} codes requested first, then guessed`,
    `${counted} guesses at 4 digits evaluated; whoever holds a right code of 4 digits is sent one of ${longerCode.length} at once, and logs in`,
    `${longAt}`,
  );
  expect([counted, refused.headers.get("location")]).toEqual([String(longAt), "/login/code"]);
  expect(longerCode.length).toBeGreaterThan(4);
  expect(await honest.isLoggedIn()).toBe(true);
});
