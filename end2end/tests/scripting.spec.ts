// What works only with JavaScript, and that nothing is lost during hydration.

import { launchOptions } from "../chromium.ts";
import { codeField, expect, hydrated, inviteField, logIn, ownCode, phoneField, requestCode, shownCode, test } from "./fixtures.ts";
import { inLanguage, say } from "./words.ts";

test("after the first load no document is fetched", async ({ page, phone }) => {
  const documents: string[] = [];
  await page.goto("/login");
  await hydrated(page);
  page.on("request", (request) => {
    if (request.resourceType() === "document") documents.push(request.url());
  });
  await phoneField(page).fill(phone);
  await page.getByRole("button", { name: say("Send the code") }).click();
  await expect(page).toHaveURL("/login/code");
  await page.getByRole("link", { name: say("Change the number") }).click();
  await page.getByRole("link", { name: say("Enter it") }).click();
  await codeField(page).fill(await shownCode(page));
  await expect(page).toHaveURL("/profile");
  await inviteField(page).fill("ZZZZZZ");
  await page.getByRole("button", { name: say("Activate") }).click();
  await expect(page.locator("#invite_code-error")).toContainText(say("Unknown code. Check each character"));
  await page.getByRole("link", { name: "Vouch" }).click();
  await expect(ownCode(page)).toBeVisible();
  await page.getByRole("button", { name: say("Log out") }).click();
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

test("where the browser can share, the link is passed on with the message as it was changed", async ({ page, phone }) => {
  await page.addInitScript(() => {
    navigator.share = async (data) => void Object.assign(window, { shared: data });
  });
  await logIn(page, phone);
  await hydrated(page);
  await page.getByText(say("More ways to share")).click();
  await page.getByLabel(say("Message")).fill("Come in");
  await page.getByRole("button", { name: say("MEMBER.share"), exact: true }).click();
  expect(await page.evaluate(() => (window as unknown as { shared: ShareData }).shared)).toEqual({ text: "Come in" });
});

test("a browser finds nothing that keeps it from installing the app", async ({ playwright, baseURL }) => {
  // Nothing is installed from a private window, which pages of tests are in otherwise.
  const profile = await playwright.chromium.launchPersistentContext("", launchOptions);
  const page = await profile.newPage();
  await page.goto(`${baseURL}/login`);
  const browser = await profile.newCDPSession(page);
  const { installabilityErrors } = await browser.send("Page.getInstallabilityErrors");
  expect(installabilityErrors).toEqual([]);
  const { data, errors } = await browser.send("Page.getAppManifest");
  expect(errors).toEqual([]);
  const manifest = JSON.parse(data!);
  expect(manifest.icons.map(({ purpose }: { purpose?: string }) => purpose)).toContain("maskable");
  await profile.close();
});

test("while the gateway takes 1 to 2 s, the button says so and cannot be pressed again", async ({ page, phone, startServer }) => {
  const server = await startServer({ VOUCH_SMS_DELAY_MS: "1000-2000" });
  let requests = 0;
  page.on("request", (request) => (requests += Number(request.url().endsWith("/api/login/request_code"))));
  await page.goto(`${server.url}/login`);
  await hydrated(page);
  await phoneField(page).fill(phone);
  const begun = Date.now();
  await page.getByRole("button", { name: say("Send the code") }).click();
  const sending = page.getByRole("button", { name: say("Sending…") });
  await expect(sending).toBeDisabled();
  await sending.click({ force: true });
  await phoneField(page).press("Enter");
  await expect(page).toHaveURL(/\/login\/code$/);
  expect(Date.now() - begun).toBeGreaterThanOrEqual(1_000);
  expect(requests).toBe(1);
  await expect(codeField(page)).toBeVisible();
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
  const again = page.getByRole("button", { name: say("Send again") });
  await expect(again).toBeDisabled();
  await expect(page.getByRole("timer")).toHaveText(inLanguage({ en: /Available in (60|59|58) s/, ru: /Можно через (60|59|58) сек/ }));
  await page.clock.runFor(20_000);
  await expect(page.getByRole("timer")).toHaveText(inLanguage({ en: /Available in (40|39|38) s/, ru: /Можно через (40|39|38) сек/ }));
  await page.clock.runFor(40_000);
  await expect(again).toBeEnabled();
  await expect(page.getByRole("timer")).toHaveText("");
});

test("a code that is sent again is the same", async ({ page, phone, startServer }) => {
  const server = await startServer({ VOUCH_LIMITS: "relaxed" });
  await page.goto(`${server.url}/login`);
  await phoneField(page).fill(phone);
  await page.getByRole("button", { name: say("Send the code") }).click();
  await expect(page).toHaveURL(/\/login\/code$/);
  const first = await shownCode(page);
  const sent = page.waitForResponse(/\/api\/login\/send_again/);
  await page.getByRole("button", { name: say("Send again") }).click();
  expect(await (await sent).text()).toContain("/login/code");
  await expect(page.getByTestId("simulated-sms")).toContainText(first);
  await codeField(page).fill(first);
  // When this is shown, the last request has been answered.
  await expect(ownCode(page)).toBeVisible();
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
  await page.getByRole("button", { name: say("Send the code") }).dblclick();
  await page.waitForURL("/login/code", { waitUntil: "domcontentloaded" });
  expect(requests).toBe(1);
  await codeField(page).fill(await shownCode(page));
  await page.getByRole("button", { name: say("MEMBER.log_in") }).click();
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
  await page.getByRole("button", { name: say("Copy code") }).click();
  await expect(page.getByRole("button", { name: say("Copied") })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(code);
});

test("a refusal moves the focus to the field", async ({ page, phone }) => {
  await logIn(page, phone);
  await hydrated(page);
  await inviteField(page).fill("ZZZZZZ");
  await page.getByRole("button", { name: say("Activate") }).click();
  await expect(page.locator("#invite_code-error")).toBeVisible();
  await expect(inviteField(page)).toBeFocused();
  await page.keyboard.type("abcdefg");
  await expect(inviteField(page)).toHaveValue("abcdefg");
});

test("after logging out, going back shows nothing of the member", async ({ page, phone }) => {
  const code = await logIn(page, phone);
  await hydrated(page);
  await page.getByRole("button", { name: say("Log out") }).click();
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
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("No connection"));
  await expect(ownCode(page)).toHaveText(code);
  await expect(page.getByRole("img", { name: say("QR code of your link") })).toBeVisible();
  await context.setOffline(false);
  await page.getByRole("link", { name: say("Try again") }).click();
  await expect(page).toHaveURL("/profile");
  await hydrated(page);
  await page.getByRole("button", { name: say("Log out") }).click();
  await expect(page).toHaveURL("/login");
  await expect.poll(hasCode).toBe(false);
  await context.setOffline(true);
  await page.goto("/profile");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("No connection"));
  await expect(ownCode(page)).toHaveCount(0);
});
