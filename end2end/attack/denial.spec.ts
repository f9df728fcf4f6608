// Strangers who use up limits, to keep others out. After each attack, an honest person logs in.

import { amount, authorize, Browser, Clock, expect, found, getCode, newNetwork, phone, query, test, wrong } from "./attacker.ts";
import type { Server } from "../server.ts";

const OWNER = "+79123456789";
const HOUR = 3600;

/** An address of IPv6 in the network with these groups. */
const ipv6 = (...groups: number[]) => ({ "x-forwarded-for": `2001:db8:${groups.map((group) => group.toString(16)).join(":")}::1` });

/** A code for the phone is requested, and wrong ones are entered. Returns how many of them were evaluated. */
async function guess(server: Server, phone: string, network: Record<string, string>, times = 3): Promise<number> {
  const sent = await getCode(server, phone, network);
  let evaluated = 0;
  for (let number = 0; number < times; number++) {
    const { status } = await authorize(server, phone, wrong(sent.json.code ?? "0000"), network);
    expect(status).toBeLessThan(500);
    if (sent.status === 200 && status === 401) evaluated++;
  }
  return evaluated;
}

/** Logs in on a device that is not known, and returns the number of digits of the code. */
async function newDevice(server: Server, phone: string, network = newNetwork()): Promise<number> {
  const browser = new Browser(server, network);
  await browser.requestCode(phone);
  const code = await browser.shownCode();
  await browser.verify(code);
  expect(await browser.isLoggedIn()).toBe(true);
  return code.length;
}

test("14 · denial: one /48 of IPv6 guesses at many phones", async ({ serve }) => {
  const server = await serve();
  const tries = amount(1000, 250);
  let guesses = 0;
  // 65,536 networks, of which each is used once or a few times.
  for (let number = 0; number < tries; number++) guesses += await guess(server, phone(number), ipv6(1, (number * 97) & 0xffff), 1);
  const asked = query(server, "SELECT count(*) FROM login_codes");
  const digits = await newDevice(server, phone(90_000));
  found(`${tries} guesses at ${tries} phones`, `${guesses} evaluated, ${asked} codes sent; a newcomer elsewhere logs in, with ${digits} digits`, "300 phones an hour");
  expect(Number(asked)).toBeLessThanOrEqual(300);
});

test("15 · denial: five IPv4 addresses for a day", async ({ serve }, info) => {
  const clock = new Clock(info.outputPath("."));
  const server = await serve(clock.settings);
  const networks = Array.from({ length: 5 }, newNetwork);
  const hours = amount(24, 6);
  let [guesses, number] = [0, 0];
  for (let hour = 0; hour < hours; hour++) {
    for (const network of networks) for (let each = 0; each < 31; each++) guesses += await guess(server, phone(number++), network);
    clock.pass(HOUR);
  }
  const digits = await newDevice(server, phone(90_000));
  found(`${number} phones in ${hours} h`, `${guesses} guesses evaluated; a newcomer elsewhere logs in, with ${digits} digits`, "100 phones a day each");
  expect(guesses).toBeLessThanOrEqual(5 * 100 * 3);

  // Five at one phone, whose owner has a known device.
  const owner = new Browser(server);
  await owner.logIn(OWNER);
  const others = Array.from({ length: 5 }, newNetwork);
  guesses = 0;
  for (let step = 0; step < amount(96, 24); step++) {
    guesses += await guess(server, OWNER, others[step % 5]);
    clock.pass(HOUR / 4);
  }
  await owner.submit("logout", {});
  await owner.logIn(OWNER);
  const sent = query(server, `SELECT sum(sends) FROM login_codes WHERE phone = '${OWNER}' AND used_at IS NULL`);
  clock.pass(24 * HOUR);
  const later = await newDevice(server, OWNER);
  found("five others, at one phone", `${sent} messages, ${guesses} guesses evaluated; the owner logs in on a known device, and a day later on a new one, with ${later} digits`, "8 messages a day");
  expect(Number(sent)).toBeLessThanOrEqual(8);
});

test("16 · denial: aimless guesses and empty forms from an address that honest people share", async ({ serve }) => {
  const server = await serve();
  const shared = newNetwork();
  const neighbour = new Browser(server, shared);
  await neighbour.requestCode(phone(1));
  const code = await neighbour.shownCode();

  const forms = amount(2000, 300);
  for (let number = 0; number < 10; number++) await authorize(server, OWNER, "0000", shared);
  const answers: number[] = [];
  for (let number = 0; number < forms; number++) {
    answers.push((await new Browser(server, shared).submit("login/request_code", { phone_number: "" })).status);
  }
  for (let number = 0; number < amount(300, 20); number++) await authorize(server, OWNER, "0000", shared);

  await neighbour.verify(code);
  expect(await neighbour.isLoggedIn()).toBe(true);
  const digits = await newDevice(server, phone(2), shared);
  found(`10 guesses, then ${forms} forms`, `a neighbour's right code is accepted, and another neighbour logs in, with ${digits} digits`, "3000 sessions an hour");
  expect(answers.every((status) => status < 500)).toBe(true);
});

test("17 · denial: thirty guesses at one phone, whose owner then comes with a new device", async ({ serve }, info) => {
  const clock = new Clock(info.outputPath("."));
  const server = await serve(clock.settings);
  let [guesses, logins] = [0, 0];
  while (guesses < 30 && logins++ < 20) {
    guesses += await guess(server, OWNER, newNetwork());
    clock.pass(4 * HOUR);
  }
  const digits = await newDevice(server, OWNER);
  const stranger = await newDevice(server, phone(1));
  found(`${guesses} guesses in ${logins} logins, from ${logins} addresses`, `the owner logs in on a new device, with ${digits} digits; others with ${stranger}`, "8 digits after 9 a day or 30 a month");
  expect([digits, stranger]).toEqual([8, 4]);
});
