// The same journeys in each language, and the choice of one; with JavaScript and without.

import { AxeBuilder } from "@axe-core/playwright";
import { type Page } from "@playwright/test";
import { codeField, expect, hydrated, inviteField, phoneField, scripting, shownCode, test } from "./fixtures.ts";

const LANGUAGES = {
  ru: { send: "Отправить код", logIn: "Войти", activate: "Активировать", logOut: "Выйти", unknown: "Такого кода нет", dir: "ltr" },
  ar: { send: "إرسال الرمز", logIn: "تسجيل الدخول", activate: "تفعيل", logOut: "تسجيل الخروج", unknown: "رمز غير معروف", dir: "rtl" },
} as const;

const axe = async (page: Page) => {
  await hydrated(page);
  if (!(await scripting(page))) return;
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html)}`)).toEqual([]);
};

for (const [tag, words] of Object.entries(LANGUAGES)) {
  test.describe(tag, () => {
    test.use({ locale: tag });

    test("a login, a refusal, and a logout", async ({ page, phone }) => {
      await page.goto("/login");
      await expect(page.locator("html")).toHaveAttribute("lang", tag);
      await expect(page.locator("html")).toHaveAttribute("dir", words.dir);
      await axe(page);
      await phoneField(page).fill(phone);
      await page.getByRole("button", { name: words.send }).click();
      await expect(codeField(page)).toBeVisible();
      await axe(page);
      await hydrated(page);
      const sent = page.waitForResponse(/\/api\/login\/verify/);
      await codeField(page).fill(await shownCode(page));
      if (!(await scripting(page))) await page.getByRole("button", { name: words.logIn }).click();
      await sent;
      await expect(page).toHaveURL("/profile");
      await axe(page);
      await inviteField(page).fill("ZZZZZZ");
      await page.getByRole("button", { name: words.activate }).click();
      await expect(page.locator("#invite_code-error")).toContainText(words.unknown);
      await axe(page);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
      await page.getByRole("button", { name: words.logOut }).click();
      await expect(page.getByRole("button", { name: words.send })).toBeVisible();
    });
  });
}

test.describe("a choice", () => {
  test.use({ expectedInConsole: [/status of 404/] });

  test("somebody chooses a language, and keeps it", async ({ page }) => {
  await page.goto("/login?next=/profile");
  await page.getByRole("button", { name: "Русский" }).click();
  await expect(page).toHaveURL("/login?next=/profile");
  await expect(page.getByRole("button", { name: "Отправить код" })).toBeVisible();
  await page.goto("/nowhere-at-all").catch(() => {});
  await expect(page.locator("html")).toHaveAttribute("lang", "ru");
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
});
});
