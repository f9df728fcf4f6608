// What every test gets: a server for each worker, pages that fail on any error in the console, and a person's moves.

import { type APIRequestContext, type Page, test as base, expect } from "@playwright/test";
import { Server } from "../server.ts";

type ForTests = {
  /** Console lines that a test expects; everything else of level error or warning fails it. */
  expectedInConsole: RegExp[];
  /** A phone that nobody used before. */
  phone: string;
  /** Another one. */
  otherPhone: string;
};
type ForWorkers = { server: Server };

let phones = 0;
/** Phones of which no two begin alike: messages to those that do are limited. */
const newPhone = () => `+7912${String(++phones).padStart(3, "0")}0000`;

let networks = 0;
/** The header by which a person comes from a network of their own; the servers of the tests trust one proxy. */
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
  page: async ({ page, expectedInConsole }, use) => {
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

/** Waits until the app has taken the page over; at once without JavaScript. */
export async function hydrated(page: Page): Promise<void> {
  if (await scripting(page)) await page.locator("html[data-hydrated]").waitFor();
}

export const scripting = (page: Page) => page.evaluate(() => matchMedia("(scripting: enabled)").matches);

export async function requestCode(page: Page, phone: string, url = ""): Promise<void> {
  await page.goto(`${url}/login`);
  await phoneField(page).fill(phone);
  await page.getByRole("button", { name: "Send the code" }).click();
}

/** The digits that the simulated message shows. */
export async function shownCode(page: Page): Promise<string> {
  const message = await page.getByTestId("simulated-sms").innerText();
  return /\d{4}/.exec(message)![0];
}

/** Types a code and waits for the answer; with JavaScript the form sends itself at the last digit. */
export async function enterCode(page: Page, code: string): Promise<void> {
  await hydrated(page);
  const sendsItself = (await scripting(page)) && /^\d{4}$/.test(code);
  const answered = page.waitForResponse(/\/api\/login\/verify/);
  await codeField(page).fill(code);
  if (!sendsItself) await page.getByRole("button", { name: "Log in" }).click();
  await answered;
}

/** The whole way from the phone to the profile; returns the own invite code. */
export async function logIn(page: Page, phone: string): Promise<string> {
  await requestCode(page, phone);
  await expect(page).toHaveURL("/login/code");
  await enterCode(page, await shownCode(page));
  await expect(page).toHaveURL("/profile");
  return ownCode(page).innerText();
}

export async function logOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Log out" }).click();
  await expect(page).toHaveURL("/login");
}

export async function redeem(page: Page, code: string): Promise<void> {
  await inviteField(page).fill(code);
  await page.getByRole("button", { name: "Activate" }).click();
}

/** Logs a person in by the forms alone, without a browser; returns the HTML of their profile. */
async function logInByForms(request: APIRequestContext, phone: string): Promise<string> {
  const network = newNetwork();
  await submit(request, "logout", {});
  const page = await submit(request, "login/request_code", { phone_number: phone, next: "" }, network);
  return submit(request, "login/verify", { code: /simulated-sms">\D*(\d{4})/.exec(page)![1] }, network);
}

/** The invite code of a person, by the forms alone. */
export async function inviteCodeOf(request: APIRequestContext, phone: string): Promise<string> {
  return /invite-code">(\w{6})/.exec(await logInByForms(request, phone))![1];
}

/** Lets a new person join with a code, by the forms alone. */
export async function joinWith(request: APIRequestContext, phone: string, code: string): Promise<void> {
  await logInByForms(request, phone);
  const profile = await submit(request, "profile/redeem", { invite_code: code });
  expect(profile).toContain("activated-code");
}

/** Lets a new person try so many codes that nobody has, by the forms alone. */
export async function guess(request: APIRequestContext, phone: string, codes: number): Promise<void> {
  await tryCodes(request, phone, Array.from({ length: codes }, (_, code) => `ZZZZZ${code + 2}`));
}

/** Lets a new person try these codes, by the forms alone. */
export async function tryCodes(request: APIRequestContext, phone: string, codes: string[]): Promise<void> {
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
