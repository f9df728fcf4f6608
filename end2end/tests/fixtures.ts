// What every test gets: a server for each worker, pages that fail at any error in the console, and what members do.

import { type APIRequestContext, type Page, test as base, expect } from "@playwright/test";
import { Server } from "../server.ts";
import { say, speak } from "./words.ts";

type ForTests = {
  /** Console lines that a test expects; any other error or warning fails it. */
  expectedInConsole: RegExp[];
  /** A phone that was not used before. */
  phone: string;
  /** Another one. */
  otherPhone: string;
  /** Starts a server with settings of its own, which is removed when the page has been checked. */
  startServer: (settings?: Record<string, string>) => Promise<Server>;
  /** What the test says is in the language that its browser asks for. */
  language: void;
};
type ForWorkers = { server: Server };

let phones = 0;
/** Phones with different prefixes: messages to phones with the same prefix are limited. */
export const newPhone = () => `+7912${String(++phones).padStart(3, "0")}0000`;

let networks = 0;
/** The header that gives a person a network address of their own; the servers of the tests trust one proxy. */
const newNetwork = () => ({ "x-forwarded-for": `10.0.${++networks >> 8}.${networks & 255}` });

export const test = base.extend<ForTests, ForWorkers>({
  server: [
    async ({}, use) => {
      const server = new Server({ VOUCH_TRUSTED_HOPS: "1" });
      await server.start();
      await use(server);
      await server.remove();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ server }, use) => use(server.url),
  extraHTTPHeaders: async ({}, use) => use(newNetwork()),
  expectedInConsole: [[], { option: true }],
  phone: async ({}, use) => use(newPhone()),
  otherPhone: async ({}, use) => use(newPhone()),
  language: [
    async ({ locale }, use) => {
      speak(locale);
      await use();
    },
    { auto: true },
  ],
  startServer: async ({}, use) => {
    const servers: Server[] = [];
    await use(async (settings) => {
      const server = new Server(settings);
      servers.push(server);
      await server.start();
      return server;
    });
    for (const server of servers) await server.remove();
  },
  // The servers of the test are still there when the page is checked: it may be loading its service worker.
  page: async ({ page, expectedInConsole, startServer: _ }, use) => {
    const said: string[] = [];
    page.on("console", (line) => {
      if (["error", "warning"].includes(line.type())) said.push(`${line.type()}: ${line.text()}`);
    });
    page.on("pageerror", (error) => said.push(`exception: ${error}`));
    await use(page);
    expect(said.filter((line) => !expectedInConsole.some((expected) => expected.test(line)))).toEqual([]);
  },
});

export { expect };

export const phoneField = (page: Page) => page.locator("input[type=tel][name=phone_number]");
export const codeField = (page: Page) => page.locator("input[autocomplete=one-time-code][name=code]");
export const inviteField = (page: Page) => page.locator("input[name=invite_code]");
export const ownCode = (page: Page) => page.getByTestId("invite-code");

/** Waits until the page is hydrated; without JavaScript, or on a page that needs no app, there is nothing to wait for. */
export async function hydrated(page: Page): Promise<void> {
  if ((await scripting(page)) && (await hasApp(page))) await page.locator("html[data-hydrated]").waitFor();
}

// Locators do not find the text of scripts.
const hasApp = (page: Page) => page.evaluate(() => [...document.scripts].some(({ text }) => text.includes("hydrate()")));

export const scripting = (page: Page) => page.evaluate(() => matchMedia("(scripting: enabled)").matches);

export async function requestCode(page: Page, phone: string, url = ""): Promise<void> {
  await page.goto(`${url}/login`);
  await phoneField(page).fill(phone);
  await page.getByRole("button", { name: say("Send the code") }).click();
}

/** The code in the simulated message. */
export async function shownCode(page: Page): Promise<string> {
  const message = await page.getByTestId("simulated-sms").innerText();
  return /\d{4,8}/.exec(message)![0];
}

/** Enters a code and waits for the answer; with JavaScript the form is sent at the last digit. */
export async function enterCode(page: Page, code: string): Promise<void> {
  await hydrated(page);
  const sendsItself = (await scripting(page)) && /^\d{4}(\d{4})?$/.test(code);
  const answered = page.waitForResponse(/\/api\/login\/verify/);
  await codeField(page).fill(code);
  if (!sendsItself) await page.getByRole("button", { name: say("MEMBER.log_in") }).click();
  await answered;
}

/** Logs a phone in and waits for the profile; returns its invite code. */
export async function logIn(page: Page, phone: string): Promise<string> {
  await requestCode(page, phone);
  await expect(page).toHaveURL("/login/code");
  await enterCode(page, await shownCode(page));
  await expect(page).toHaveURL("/profile");
  return ownCode(page).innerText();
}

export async function logOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: say("Log out") }).click();
  await expect(page).toHaveURL("/login");
}

export async function redeem(page: Page, code: string): Promise<void> {
  await inviteField(page).fill(code);
  await page.getByRole("button", { name: say("Activate") }).click();
}

/** Logs a person in without a browser, by sending the forms; returns the HTML of their profile. */
export async function logInByForms(request: APIRequestContext, phone: string): Promise<string> {
  const network = newNetwork();
  await submit(request, "logout", {});
  const page = await submit(request, "login/request_code", { phone_number: phone, next: "" }, network);
  return submit(request, "login/verify", { code: /simulated-sms">\D*(\d{4})/.exec(page)![1] }, network);
}

/** Logs a person in without a browser; returns their invite code. */
export async function inviteCodeOf(request: APIRequestContext, phone: string): Promise<string> {
  return /invite-code">(\w{6})/.exec(await logInByForms(request, phone))![1];
}

/** Lets a new person join with a code, without a browser. */
export async function joinWith(request: APIRequestContext, phone: string, code: string): Promise<void> {
  await logInByForms(request, phone);
  const profile = await submit(request, "profile/redeem", { invite_code: code });
  expect(profile).toContain("activated-code");
}

/** Lets a new person make this many attempts with unknown codes, without a browser. */
export async function guess(request: APIRequestContext, phone: string, codes: number): Promise<void> {
  await attemptCodes(request, phone, Array.from({ length: codes }, (_, code) => `ZZZZZ${code + 2}`));
}

/** Lets a new person make attempts with these codes, without a browser. */
export async function attemptCodes(request: APIRequestContext, phone: string, codes: string[]): Promise<void> {
  await logInByForms(request, phone);
  for (const code of codes) await submit(request, "profile/redeem", { invite_code: code });
}

async function submit(
  request: APIRequestContext,
  path: string,
  form: Record<string, string>,
  network: Record<string, string> = {},
): Promise<string> {
  const headers = { accept: "text/html", "sec-fetch-site": "same-origin", ...network };
  return (await request.post(`/api/${path}`, { form, headers })).text();
}
