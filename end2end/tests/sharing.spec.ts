// Share links, from the one who shares to the one who accepts, and the live list; with JavaScript and without.

import { codeField, enterCode, expect, hydrated, joinWith, logIn, ownCode, phoneField, scripting, shownCode, test } from "./fixtures.ts";
import { inLanguage, say } from "./words.ts";

test("a link is opened, remembered through the login, offered, and accepted by a button", async ({ page, browser, phone, otherPhone, baseURL, javaScriptEnabled }) => {
  const code = await logIn(page, phone);
  const context = await browser.newContext({ baseURL, javaScriptEnabled });
  const guest = await context.newPage();
  await guest.goto(`/i/${code}`);
  await expect(guest.getByRole("heading", { level: 1 })).toHaveText(inLanguage({ en: "+7 9•• •••‑••‑00 invites you", ru: "Вас приглашает +7 9•• •••‑••‑00" }));
  await expect(guest.locator("meta[name=robots]")).toHaveAttribute("content", "noindex");
  await guest.getByRole("link", { name: say("Join") }).click();
  await phoneField(guest).fill(otherPhone);
  await guest.getByRole("button", { name: say("Send the code") }).click();
  await expect(codeField(guest)).toBeVisible();
  await enterCode(guest, await shownCode(guest));
  await expect(guest.getByTestId("offer")).toHaveText(inLanguage({ en: "You were invited by +7 9•• •••‑••‑00.", ru: "Вас пригласил +7 9•• •••‑••‑00." }));
  await expect(guest.getByTestId("activated-code")).toHaveCount(0);
  await guest.getByRole("button", { name: say("Activate") }).first().click();
  await expect(guest.getByTestId("activated-code")).toHaveText(code);
  await context.close();
  await page.goto("/profile");
  const counted = inLanguage({
    en: "Your link was opened by 1 person. 1 logged in, 1 activated your code.",
    ru: "По вашей ссылке перешли: 1. Вошли: 1. Активировали код: 1.",
  });
  await expect(page.getByText(counted)).toBeVisible();
  await expect(page.getByTestId("invitee")).toHaveCount(1);
});

test("the ways to share are folded, and the message can be changed", async ({ page, phone }) => {
  const code = await logIn(page, phone);
  await hydrated(page);
  await expect(page.getByRole("img", { name: say("QR code of your link") })).toBeHidden();
  await page.getByText(say("More ways to share")).click();
  const message = inLanguage({ en: "I vouch for you. Join with my link: ", ru: "Ручаюсь за вас. Присоединяйтесь по моей ссылке: " });
  await expect(page.getByLabel(say("Message"))).toHaveValue(new RegExp(`^${message}http://.*/i/${code}$`));
  const qr = page.getByRole("img", { name: say("QR code of your link") });
  await expect(qr).toBeVisible();
  await expect.poll(() => qr.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  await expect(page.getByRole("link", { name: say("Download the QR code") })).toHaveAttribute("download", `${code}.svg`);
  if (!(await scripting(page))) return;
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByLabel(say("Message")).fill("Come in");
  await page.getByRole("button", { name: say("Copy message") }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("Come in");
  await page.getByRole("button", { name: say("Copy link") }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain(`/i/${code}`);
});

test("the list grows by itself within a second, and the page does not jump", async ({ page, request, phone, otherPhone }) => {
  const code = await logIn(page, phone);
  await hydrated(page);
  const isLive = await scripting(page);
  await page.locator("input[name=invite_code]").fill("AB");
  const top = await ownCode(page).boundingBox();
  await joinWith(request, otherPhone, code);
  const joined = Date.now();
  if (!isLive) await page.goto("/profile");
  await expect(page.getByTestId("invitee")).toHaveCount(1);
  await expect(page.locator(".count")).toHaveText("1");
  if (!isLive) return;
  expect(Date.now() - joined).toBeLessThan(1_500);
  const news = inLanguage({ en: "1 person joined just now.", ru: "Только что: ещё 1 человек." });
  await expect(page.getByRole("status").filter({ hasText: news })).toHaveCount(1);
  await expect(page.locator("input[name=invite_code]")).toHaveValue("AB");
  expect(await ownCode(page).boundingBox()).toEqual(top);
});
