// What works only with JavaScript, and that nothing is lost during hydration.

import { Server } from "../server.ts";
import { codeField, expect, hydrated, inviteField, logIn, ownCode, phoneField, requestCode, shownCode, test } from "./fixtures.ts";

test("after the first load no document is fetched", async ({ page, phone }) => {
  const documents: string[] = [];
  await page.goto("/login");
  await hydrated(page);
  page.on("request", (request) => {
    if (request.resourceType() === "document") documents.push(request.url());
  });
  await phoneField(page).fill(phone);
  await page.getByRole("button", { name: "Send the code" }).click();
  await expect(page).toHaveURL("/login/code");
  await page.getByRole("link", { name: "Change the number" }).click();
  await page.getByRole("link", { name: "Enter it" }).click();
  await codeField(page).fill(await shownCode(page));
  await expect(page).toHaveURL("/profile");
  await inviteField(page).fill("ZZZZZZ");
  await page.getByRole("button", { name: "Activate" }).click();
  await expect(page.locator("#invite_code-error")).toContainText("Unknown code. Check each character");
  await page.getByRole("link", { name: "Vouch" }).click();
  await expect(ownCode(page)).toBeVisible();
  await page.getByRole("button", { name: "Log out" }).click();
  await expect(page).toHaveURL("/login");
  expect(documents).toEqual([]);
});

test("where the browser has WebOTP, the code of the message is filled in and sent", async ({ page, phone }) => {
  await page.addInitScript(() => {
    Object.assign(window, { OTPCredential: class {} });
    navigator.credentials.get = async (wanted) => {
      const { transport } = (wanted as unknown as { otp: { transport: string[] } }).otp;
      const code = await new Promise((arrived) => addEventListener("message", ({ data }) => arrived(data)));
      return { code, id: transport.join(), type: "otp" } as unknown as Credential;
    };
  });
  await requestCode(page, phone);
  await expect(page).toHaveURL("/login/code");
  await expect(codeField(page)).toHaveAttribute("data-awaits", "message");
  await hydrated(page);
  await page.evaluate((code) => postMessage(code), await shownCode(page));
  await expect(page).toHaveURL("/profile");
});

test("while the gateway takes 1 to 2 s, the button says so and cannot be pressed again", async ({ page, phone }) => {
  const server = new Server({ VOUCH_SMS_DELAY_MS: "1000-2000" });
  await server.start();
  let requests = 0;
  page.on("request", (request) => (requests += Number(request.url().endsWith("/api/login/request_code"))));
  await page.goto(`${server.url}/login`);
  await hydrated(page);
  await phoneField(page).fill(phone);
  const begun = Date.now();
  await page.getByRole("button", { name: "Send the code" }).click();
  const sending = page.getByRole("button", { name: "Sending…" });
  await expect(sending).toBeDisabled();
  await sending.click({ force: true });
  await phoneField(page).press("Enter");
  await expect(page).toHaveURL(/\/login\/code$/);
  const took = Date.now() - begun;
  expect(took).toBeGreaterThanOrEqual(1_000);
  expect(took).toBeLessThan(3_000);
  expect(requests).toBe(1);
  await expect(codeField(page)).toBeVisible();
  await server.remove();
});

test("the code is sent at the last digit, and not before", async ({ page, phone }) => {
  await requestCode(page, phone);
  await expect(page).toHaveURL("/login/code");
  await hydrated(page);
  await expect(codeField(page)).toBeFocused();
  const code = await shownCode(page);
  await page.keyboard.type(code.slice(0, 3));
  await expect(page).toHaveURL("/login/code");
  await page.keyboard.type(code.slice(3));
  await expect(page).toHaveURL("/profile");
});

test("another code can be requested after a countdown", async ({ page, phone }) => {
  await page.clock.install();
  await requestCode(page, phone);
  await expect(page).toHaveURL("/login/code");
  await hydrated(page);
  const again = page.getByRole("button", { name: "Send again" });
  await expect(again).toBeDisabled();
  await expect(page.getByRole("timer")).toHaveText(/Available in (60|59|58) s/);
  await page.clock.runFor(20_000);
  await expect(page.getByRole("timer")).toHaveText(/Available in (40|39|38) s/);
  await page.clock.runFor(40_000);
  await expect(again).toBeEnabled();
  await expect(page.getByRole("timer")).toHaveText("");
});

test("a code that is sent again is the same", async ({ page, phone }) => {
  const server = new Server({ VOUCH_LIMITS: "relaxed" });
  await server.start();
  await page.goto(`${server.url}/login`);
  await phoneField(page).fill(phone);
  await page.getByRole("button", { name: "Send the code" }).click();
  await expect(page).toHaveURL(/\/login\/code$/);
  const first = await shownCode(page);
  const sent = page.waitForResponse(/\/api\/login\/send_again/);
  await page.getByRole("button", { name: "Send again" }).click();
  expect(await (await sent).text()).toContain("/login/code");
  await expect(page.getByTestId("simulated-sms")).toContainText(first);
  await codeField(page).fill(first);
  // When this is shown, the last request has been answered.
  await expect(ownCode(page)).toBeVisible();
  await server.remove();
});

test("the forms work before hydration, and cannot be sent twice", async ({ page, phone }) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/*.wasm", async (route) => {
    await held;
    await route.continue();
  });
  let requests = 0;
  page.on("request", (request) => (requests += Number(request.url().endsWith("/api/login/request_code"))));
  await page.goto("/login", { waitUntil: "domcontentloaded" });
  await phoneField(page).fill(phone);
  await page.getByRole("button", { name: "Send the code" }).dblclick();
  await page.waitForURL("/login/code", { waitUntil: "domcontentloaded" });
  expect(requests).toBe(1);
  await codeField(page).fill(await shownCode(page));
  await page.getByRole("button", { name: "Log in" }).click();
  await page.waitForURL("/profile", { waitUntil: "domcontentloaded" });
  await expect(ownCode(page)).toBeVisible();
  release();
  await hydrated(page);
});

test("hydration keeps what was typed before it", async ({ page }) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/*.wasm", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto("/login", { waitUntil: "domcontentloaded" });
  await phoneField(page).pressSequentially("+7 912");
  release();
  await hydrated(page);
  await expect(phoneField(page)).toHaveValue("+7 912");
  await page.keyboard.type(" 345");
  await expect(phoneField(page)).toHaveValue("+7 912 345");
});

test("a button copies the invite code", async ({ page, phone, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const code = await logIn(page, phone);
  await page.getByRole("button", { name: "Copy code" }).click();
  await expect(page.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(code);
});

test("a refusal moves the focus to the field", async ({ page, phone }) => {
  await logIn(page, phone);
  await hydrated(page);
  await inviteField(page).fill("ZZZZZZ");
  await page.getByRole("button", { name: "Activate" }).click();
  await expect(page.locator("#invite_code-error")).toBeVisible();
  await expect(inviteField(page)).toBeFocused();
  await page.keyboard.type("abcdefg");
  await expect(inviteField(page)).toHaveValue("abcdefg");
});

test("after logging out, going back shows nothing of the member", async ({ page, phone }) => {
  const code = await logIn(page, phone);
  await hydrated(page);
  await page.getByRole("button", { name: "Log out" }).click();
  await expect(page).toHaveURL("/login");
  await page.goBack();
  await expect(page).toHaveURL(/\/login/);
  await expect(page.getByText(code)).toHaveCount(0);
});

test("without a connection the code can still be read, until somebody logs out", async ({ page, context, phone, expectedInConsole }) => {
  expectedInConsole.push(/ERR_INTERNET_DISCONNECTED|Failed to fetch|TypeError/);
  const code = await logIn(page, phone);
  await hydrated(page);
  const hasCode = () => page.evaluate(async () => (await (await caches.match("/offline"))?.text())?.includes("data-testid=\"invite-code\"") ?? false);
  await expect.poll(hasCode).toBe(true);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await context.setOffline(true);
  await page.goto("/profile");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("No connection");
  await expect(ownCode(page)).toHaveText(code);
  await expect(page.getByRole("img", { name: "QR code of your link" })).toBeVisible();
  await context.setOffline(false);
  await page.getByRole("link", { name: "Try again" }).click();
  await expect(page).toHaveURL("/profile");
  await hydrated(page);
  await page.getByRole("button", { name: "Log out" }).click();
  await expect(page).toHaveURL("/login");
  await expect.poll(hasCode).toBe(false);
  await context.setOffline(true);
  await page.goto("/profile");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("No connection");
  await expect(ownCode(page)).toHaveCount(0);
});
