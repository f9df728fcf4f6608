// What a member does. Each journey runs with JavaScript and without.

import {
  codeField,
  enterCode,
  expect,
  inviteField,
  joinWith,
  logIn,
  logOut,
  ownCode,
  phoneField,
  redeem,
  requestCode,
  shownCode,
  test,
} from "./fixtures.ts";
import { inLanguage, say } from "./words.ts";

test("the first page says what this is and leads to the login, and to the profile after it", async ({ page, phone }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("By invitation of people who know you"));
  await page.getByRole("link", { name: say("MEMBER.log_in") }).click();
  await expect(page).toHaveURL("/login");
  await logIn(page, phone);
  await page.goto("/");
  await expect(page).toHaveURL("/profile");
});

test("a phone in any common form gets a code, and the page shows the message", async ({ page, phone }) => {
  const national = phone.replace("+7912", "8 (912) ");
  await requestCode(page, national);
  await expect(page).toHaveURL("/login/code");
  await expect(page.getByTestId("simulated-sms")).toContainText(/\b\d{4}\b/);
  await expect(page.getByRole("main")).toContainText("+7 912");
  await expect(codeField(page)).toHaveAttribute("inputmode", "numeric");
  await expect(page.getByRole("link", { name: say("Change the number") })).toBeVisible();
});

test("the first login creates a member with an invite code, and a new session id", async ({ page, phone, context }) => {
  await requestCode(page, phone);
  await expect(page).toHaveURL("/login/code");
  const before = (await context.cookies())[0].value;
  await enterCode(page, await shownCode(page));
  await expect(page).toHaveURL("/profile");
  expect((await context.cookies())[0].value).not.toBe(before);
  expect(await ownCode(page).innerText()).toMatch(/^[2-9A-HJKMNP-Z]{6}$/);
});

test("a member redeems a code once, and the inviter sees the invitee", async ({ page, browser, phone, otherPhone, baseURL, javaScriptEnabled }) => {
  const code = await logIn(page, phone);
  await expect(page.getByText(say("Nobody yet."))).toBeVisible();

  const other = await browser.newContext({ baseURL, javaScriptEnabled });
  const invitee = await other.newPage();
  await logIn(invitee, otherPhone);
  await redeem(invitee, `${code.slice(0, 3).toLowerCase()} ${code.slice(3)}`);
  await expect(invitee.getByTestId("activated-code")).toHaveText(code);
  await expect(inviteField(invitee)).toHaveCount(0);
  await invitee.reload();
  await expect(invitee.getByTestId("activated-code")).toHaveText(code);
  await other.close();

  await page.reload();
  await expect(page.getByTestId("invitees").getByRole("listitem")).toHaveCount(1);
  await expect(page.getByTestId("invitees").getByRole("listitem")).toContainText(otherPhone.slice(-2));
  await expect(page.getByRole("heading", { name: say("People who joined with your code") })).toContainText("1");
});

test("after logging out and in again, the member has the same invite code", async ({ page, phone }) => {
  const code = await logIn(page, phone);
  await logOut(page);
  await page.goto("/profile");
  await expect(page).toHaveURL("/login?next=/profile");
  await expect(page.getByText(say("Log in to continue."))).toBeVisible();
  expect(await logIn(page, phone)).toBe(code);
});

test("a member sees where they are logged in, and ends another login and all", async ({ page, browser, phone, baseURL, javaScriptEnabled }) => {
  const other = await browser.newContext({ baseURL, javaScriptEnabled });
  const elsewhere = await other.newPage();
  await logIn(elsewhere, phone);
  await logIn(page, phone);
  await page.getByRole("link", { name: say("Devices") }).click();
  await expect(page).toHaveURL("/profile/devices");
  await expect(page.getByText(inLanguage({ en: "You are logged in at 2 places.", ru: "Вы вошли на 2 устройствах." }))).toBeVisible();
  const devices = page.getByTestId("device");
  await expect(devices.first()).toContainText(inLanguage({ en: /Chrome on .*This device/, ru: /Chrome на .*Это устройство/ }));
  await devices.last().getByRole("button", { name: say("Log out") }).click();
  await expect(devices).toHaveCount(1);
  await elsewhere.reload();
  await expect(elsewhere).toHaveURL("/login?next=/profile");

  await logIn(elsewhere, phone);
  await page.getByRole("button", { name: say("DOCUMENTS.log_out_everywhere") }).click();
  await expect(page).toHaveURL("/login");
  await elsewhere.reload();
  await expect(elsewhere).toHaveURL("/login?next=/profile");
  await other.close();
});

test("a member who ends the login of this device is logged out", async ({ page, phone }) => {
  await logIn(page, phone);
  await page.goto("/profile/devices");
  await page.getByTestId("device").getByRole("button", { name: say("Log out") }).click();
  await expect(page).toHaveURL("/login");
  await page.goto("/profile/devices");
  await expect(page).toHaveURL("/login?next=/profile/devices");
});

test("an expired session redirects to the login, and the login back to the same page", async ({ page, phone, context }) => {
  await logIn(page, phone);
  await page.goto("/profile?after=1-1");
  await context.clearCookies();
  await redeem(page, "ABCDEF");
  await expect(page).toHaveURL(/\/login\?next=/);
  await phoneField(page).fill(phone);
  await page.getByRole("button", { name: say("Send the code") }).click();
  await expect(page).toHaveURL("/login/code");
  await enterCode(page, await shownCode(page));
  await expect(page).toHaveURL("/profile?after=1-1");
});

for (const [typed, sentence] of [
  ["", "Enter your phone number."],
  ["call me", "This is not a possible phone number."],
  ["+7 000 000-00-00", "This is not a possible phone number."],
  ["12", "This is not a possible phone number."],
]) {
  test(`the phone ${JSON.stringify(typed)} is refused with a sentence and stays in the field`, async ({ page }) => {
    await requestCode(page, typed);
    await expect(page.locator("#phone_number-error")).toContainText(say(sentence));
    await expect(phoneField(page)).toHaveValue(typed);
    await expect(phoneField(page)).toHaveAttribute("aria-invalid", "true");
    await expect(page).toHaveURL("/login");
  });
}

test("a code requested too soon is refused with the time to wait", async ({ page, phone }) => {
  await requestCode(page, phone);
  await expect(page).toHaveURL("/login/code");
  await page.getByRole("link", { name: say("Change the number") }).click();
  await expect(page.getByRole("link", { name: say("Enter it") })).toBeVisible();
  await phoneField(page).fill(phone);
  await page.getByRole("button", { name: say("Send the code") }).click();
  await expect(page.locator("#phone_number-error")).toContainText(inLanguage({ en: /You can request another in \d+ s\./, ru: /Запросить другой можно через \d+ сек\./ }));
  await expect(phoneField(page)).toHaveValue(phone);
});

test("wrong codes are refused with one sentence, and after three the right code is refused as well", async ({ page, phone }) => {
  await requestCode(page, phone);
  await expect(page).toHaveURL("/login/code");
  const right = await shownCode(page);
  const malformed = inLanguage({ en: "Enter the 4 digits.", ru: "Введите 4 цифры кода." });
  for (const [code, sentence] of [["", say("Enter the code from the message.")], ["12x4", malformed]]) {
    await enterCode(page, code);
    await expect(page.locator("#code-error")).toContainText(sentence);
    await expect(codeField(page)).toHaveValue(code);
  }
  const wrong = right === "0000" ? "1111" : "0000";
  for (const code of [wrong, wrong, wrong, right]) {
    await enterCode(page, code);
    await expect(page.locator("#code-error")).toContainText(say("This code is wrong or no longer valid."));
    await expect(page).toHaveURL("/login/code");
  }
});

test("each invite code that cannot be redeemed is refused with its reason and stays in the field", async ({ page, browser, phone, otherPhone, baseURL, javaScriptEnabled }) => {
  const own = await logIn(page, phone);
  const other = await browser.newContext({ baseURL, javaScriptEnabled });
  const invitee = await other.newPage();
  const code = await logIn(invitee, otherPhone);
  await redeem(invitee, own);
  await expect(invitee.getByTestId("activated-code")).toHaveText(own);
  await other.close();

  for (const [typed, sentence] of [
    ["", "Enter an invite code."],
    ["ABCDEFG", "An invite code has six characters; this one is longer."],
    ["22222Z", "Unknown code. Check each character"],
    [own, "This is your own code."],
    [code, "This code belongs to somebody who joined through you"],
  ]) {
    await redeem(page, typed);
    await expect(page.locator("#invite_code-error")).toContainText(say(sentence));
    await expect(inviteField(page)).toHaveValue(typed);
  }
  await expect(page.getByTestId("activated-code")).toHaveCount(0);
});

test("invitees are listed newest first, in pages, with the total", async ({ page, phone, request }) => {
  test.setTimeout(60_000);
  const code = await logIn(page, phone);
  const invitees: string[] = [];
  for (let number = 0; number < 23; number++) {
    invitees.unshift(`+7913${String(number).padStart(3, "0")}00${String(number).padStart(2, "0")}`);
    await joinWith(request, invitees[0], code);
  }
  await page.reload();
  await expect(page.getByRole("heading", { name: say("People who joined with your code") })).toContainText("23");
  await expect(page.getByTestId("invitees").getByRole("listitem")).toHaveCount(20);
  await expect(page.getByTestId("invitees").getByRole("listitem").first()).toContainText(invitees[0].slice(-2));
  await page.getByRole("link", { name: say("Older") }).click();
  await expect(page.getByTestId("invitees").getByRole("listitem")).toHaveCount(3);
  await expect(page.getByTestId("invitees").getByRole("listitem").last()).toContainText(invitees[22].slice(-2));
  await page.getByRole("link", { name: say("Newest") }).click();
  await expect(page.getByTestId("invitees").getByRole("listitem")).toHaveCount(20);
});

test("a reached limit is named on the page where it was reached", async ({ page, phone, otherPhone, startServer }) => {
  const limits = { VOUCH_WRONG_PER_PHONE: "2/24h", VOUCH_SENDS_PER_PHONE: "1/1h", VOUCH_RESEND_WAITS: "0s", VOUCH_NETWORK_PARTS: "1" };
  const server = await startServer(limits);
  await requestCode(page, phone, server.url);
  const code = await shownCode(page);
  const wrong = code === "0000" ? "1111" : "0000";
  const refused = say("This code is wrong or no longer valid.");
  const lengthened = inLanguage({ en: "We have sent you a new one. Enter its 8 digits.", ru: "Мы отправили вам новый код, в нём 8 цифр. Введите его." });
  for (const refusal of [refused, refused, lengthened]) {
    await enterCode(page, wrong);
    await expect(page.locator("#code-error")).toContainText(refusal);
  }
  // The longer code is there at once.
  await expect(page.getByTestId("simulated-sms")).toContainText(/\d{8}/);
  await enterCode(page, await shownCode(page));
  await expect(page).toHaveURL(/\/profile$/);
  await page.getByRole("button", { name: say("Log out") }).click();
  await expect(page).toHaveURL(/\/login$/);
  await requestCode(page, otherPhone, server.url);
  await page.getByRole("button", { name: say("Send again") }).click();
  const tooMany = inLanguage({
    en: "Too many codes were sent to this number. You can request another in 60 min.",
    ru: "На этот номер отправлено слишком много кодов. Запросить ещё один можно через 60 мин.",
  });
  await expect(page.locator("#send-again-error")).toContainText(tooMany);
});

test.describe("a server that is killed", () => {
  // The open page was following events, and perhaps loading its service worker.
  test.use({ expectedInConsole: [/ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_(REFUSED|RESET)|fetching the script|status of 50[234]/] });

  test("keeps the session and the member", async ({ page, phone, server }) => {
    const code = await logIn(page, phone);
    await server.stop("SIGKILL");
    await server.start();
    await page.goto("/profile");
    await expect(ownCode(page)).toHaveText(code);
  });
});

test.describe("an unknown page", () => {
  test.use({ expectedInConsole: [/status of 404/] });

  test("is a 404 with a link to the start page", async ({ page }) => {
    const response = await page.goto("/nowhere");
    expect(response!.status()).toBe(404);
    await expect(page.getByRole("heading", { name: say("There is no such page") })).toBeVisible();
    await page.getByRole("link", { name: say("Go to the start page") }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("By invitation of people who know you"));
  });
});

test("a number without + is of the country that is chosen by its name", async ({ page }) => {
  await page.goto("/login");
  await page.getByLabel(say("Country, for a number without +")).selectOption(inLanguage({ en: "France +33", ru: "Франция +33" }));
  await phoneField(page).fill("06 12 34 56 78");
  await page.getByRole("button", { name: say("Send the code") }).click();
  await expect(page.getByText("+33 6 12 34 56 78")).toBeVisible();
  await page.getByRole("link", { name: say("Change the number") }).click();
  await phoneField(page).fill("+7 912 000-11-22");
  await page.getByLabel(say("Country, for a number without +")).selectOption(inLanguage({ en: "France +33", ru: "Франция +33" }));
  await page.getByRole("button", { name: say("Send the code") }).click();
  await expect(page.getByText("+7 912 000-11-22")).toBeVisible();
});
