// The choice of a language, and Arabic, which has no journeys of its own; with JavaScript and without.

import { enterCode, expect, inviteField, logIn, logOut, redeem, requestCode, shownCode, test } from "./fixtures.ts";
import { checkView } from "./views.ts";
import { say } from "./words.ts";

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

test.describe("in Arabic", () => {
  test.use({ locale: "ar", viewport: { width: 320, height: 640 }, expectedInConsole: [/status of 404/] });

  test("a login, a refusal, and a logout", async ({ page, phone }) => {
    await requestCode(page, phone);
    await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
    await expect(page).toHaveURL("/login/code");
    await checkView(page, "code");
    await enterCode(page, await shownCode(page));
    await expect(page).toHaveURL("/profile");
    await redeem(page, "ZZZZZZ");
    await expect(page.locator("#invite_code-error")).toContainText(say("Unknown code."));
    await expect(inviteField(page)).toHaveValue("ZZZZZZ");
    await checkView(page, "profile, refused");
    await logOut(page);
    await checkView(page, "login");
  });

  test("no view has a fault", async ({ page, phone }) => {
    test.setTimeout(60_000);
    const check = async (path: string) => {
      await page.goto(path);
      await checkView(page, path);
    };
    for (const path of ["/", "/login", "/i/AAAAAA", "/nowhere", "/offline"]) await check(path);
    await logIn(page, phone);
    for (const path of ["/profile", "/profile/progress", "/profile/devices", "/profile/account", "/profile/number"]) await check(path);
  });
});
