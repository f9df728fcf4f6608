// A number that an operator has given to somebody else, with JavaScript and without.

import type { Page } from "@playwright/test";
import type { Server } from "../server.ts";
import { act, becomeAdmin, importShows, openMember, uploadFile } from "./admin.ts";
import { enterCode, expect, hydrated, newPhone, ownCode, requestCode, shownCode, test } from "./fixtures.ts";
import { inLanguage, say } from "./words.ts";

/** A member who was here last on 31 January 2025. */
async function addSilentMember(admin: Page, server: Server, phone: string): Promise<void> {
  await uploadFile(admin, "old.csv", `phone_number,joined_at\n${phone},2025-01-30`);
  await admin.getByLabel(say("Reason")).fill("from the old system");
  await admin.getByRole("button", { name: say("Import all") }).click();
  await importShows(admin, inLanguage({ en: /1 member imported\./, ru: /Импорт завершён: 1 участник\./ }));
  server.database.change(`UPDATE members SET visited_at = ${Date.parse("2025-01-31T12:00Z")} WHERE phone = '${phone}'`);
}

/** Comes with the number on a device that it has not been on. */
async function come(page: Page, phone: string): Promise<void> {
  await requestCode(page, phone);
  await expect(page).toHaveURL("/login/code");
  await enterCode(page, await shownCode(page));
  await expect(page.getByRole("heading", { name: say("Is this account yours?") })).toBeVisible();
  await expect(page.getByText(inLanguage({ en: /has not been used since 31 January 2025\.$/, ru: /им пользовались 31 января 2025/ }))).toBeVisible();
}

test("whoever has got the number gets an account of their own, until an admin gives the number back", async ({ page, server, browser, phone }) => {
  const silent = newPhone();
  await becomeAdmin(page, server, phone);
  await addSilentMember(page, server, silent);
  await openMember(page, silent);
  const account = page.url();
  const context = await browser.newContext({ extraHTTPHeaders: { "x-forwarded-for": "10.9.0.1" } });
  const newcomer = await context.newPage();
  await come(newcomer, silent);
  await newcomer.getByRole("button", { name: say("No, it is not mine") }).click();
  await expect(newcomer).toHaveURL("/profile");
  const code = await ownCode(newcomer).innerText();

  await page.goto(account);
  await hydrated(page);
  await expect(page.getByText(say("ADMIN.set_aside_text"))).toBeVisible();
  expect(await page.locator(".code.large").innerText()).not.toBe(code);
  await act(page, say("Give the number back"), "the operator was wrong");
  await newcomer.reload();
  await expect(newcomer).toHaveURL(/\/login/);
  await context.close();
});

test("the owner says so, and is in", async ({ page, server, browser, phone }) => {
  const silent = newPhone();
  await becomeAdmin(page, server, phone);
  await addSilentMember(page, server, silent);
  await openMember(page, silent);
  const code = await page.locator(".code.large").innerText();
  const context = await browser.newContext({ extraHTTPHeaders: { "x-forwarded-for": "10.9.0.2" } });
  const owner = await context.newPage();
  await come(owner, silent);
  await owner.getByRole("button", { name: say("Yes, it is mine") }).click();
  await expect(owner).toHaveURL("/profile");
  await expect(ownCode(owner)).toHaveText(code);
  await context.close();
});
