// A member's own data: the file, and the end of the account; with JavaScript and without.

import { readFileSync } from "node:fs";
import { codeField, expect, hydrated, logIn, shownCode, test } from "./fixtures.ts";
import { inLanguage, say } from "./words.ts";

test("a member downloads their data and deletes the account with a fresh code", async ({ page, phone }) => {
  const code = await logIn(page, phone);
  await page.getByRole("link", { name: say("Your data") }).click();
  await hydrated(page);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: say("Download my data") }).click(),
  ]);
  const data = JSON.parse(readFileSync(await download.path(), "utf8"));
  expect([data.phone_number, data.invite_code, data.logins.length]).toEqual([phone, code, 1]);

  await page.getByRole("button", { name: say("Send me a code to delete it") }).click();
  await expect(codeField(page)).toBeVisible();
  await codeField(page).fill("12");
  await page.getByRole("button", { name: say("Delete my account") }).click();
  await expect(page.locator("#code-error")).toContainText(inLanguage({ en: "Enter the 4 digits.", ru: "Введите 4 цифры кода." }));
  await codeField(page).fill(await shownCode(page));
  await page.getByRole("button", { name: say("Delete my account") }).click();
  await expect(page).toHaveURL("/");
  await page.goto("/profile");
  await expect(page).toHaveURL("/login?next=/profile");
  await page.goto(`/i/${code}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("This invitation is no longer valid"));
});
