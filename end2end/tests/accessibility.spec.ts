// No view of members has a fault, in either colour scheme.

import { AxeBuilder } from "@axe-core/playwright";
import { enterCode, expect, hydrated, inviteField, logIn, redeem, requestCode, shownCode, test } from "./fixtures.ts";
import { checkView } from "./views.ts";
import { say } from "./words.ts";

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, expectedInConsole: [/status of 404/] });

    test("no view has a fault", async ({ page, phone }) => {
      // A dozen views, each of which takes a second or two.
      test.setTimeout(90_000);
      const check = (view: string) => checkView(page, view);
      await page.goto("/");
      await check("start");
      await page.goto("/login?next=/profile");
      await check("login");
      await requestCode(page, "call me");
      await expect(page.locator("#phone_number-error")).toBeVisible();
      await check("login refused");
      await requestCode(page, phone);
      await expect(page).toHaveURL("/login/code");
      await check("code");
      await enterCode(page, "12");
      await expect(page.locator("#code-error")).toBeVisible();
      await check("code refused");
      await page.context().clearCookies();
      await logIn(page, `+7917${phone.slice(-7)}`);
      await check("profile");
      await redeem(page, "ZZZZZZ");
      await expect(inviteField(page)).toHaveAttribute("aria-invalid", "true");
      await check("profile refused");
      await page.goto("/profile/devices");
      await expect(page.getByTestId("device")).toHaveCount(1);
      await check("devices");
      await page.getByRole("link", { name: say("Back to the profile") }).click();
      await page.getByRole("link", { name: say("Your data") }).click();
      await expect(page.getByRole("heading", { name: say("Delete your account") })).toBeVisible();
      await check("account");
      for (const view of ["/profile/progress", "/profile/number", "/offline"]) {
        await page.goto(view);
        await check(view);
      }
      await page.goto("/i/AAAAAA");
      await check("invitation");
      await page.goto("/nowhere");
      await check("not found");
    });
  });
}

test.describe("the style guide", () => {
  // It has no other language.
  test.use({ locale: "en" });

  for (const colorScheme of ["light", "dark"] as const) {
    test(`has no fault when it is ${colorScheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await page.goto("/styleguide");
      await checkView(page, "style guide");
    });
  }
});

test.describe("forced colours", () => {
  test.use({ forcedColors: "active" });

  test("buttons, fields and the focus have edges, and the QR code stays black on white", async ({ page, phone }) => {
    const style = (selector: string, property: string) =>
      page.locator(selector).first().evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property);
    await page.goto("/login");
    await hydrated(page);
    for (const control of ["button.primary", "input[type=tel]", "select"]) {
      expect(await style(control, "border-top-style"), control).toBe("solid");
      expect(await style(control, "border-top-width"), control).not.toBe("0px");
    }
    await page.locator("input[type=tel]").focus();
    expect(await style("input[type=tel]", "outline-style")).toBe("solid");
    await logIn(page, phone);
    await hydrated(page);
    for (const button of await page.getByRole("main").getByRole("button").all()) {
      const edge = await button.evaluate((element) => [getComputedStyle(element).borderTopStyle, getComputedStyle(element).textDecorationLine]);
      expect(edge, await button.innerText()).not.toEqual(["none", "none"]);
    }
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
  });
});

test.describe("reduced motion", () => {
  test.use({ contextOptions: { reducedMotion: "reduce" } });

  test("nothing moves", async ({ page, phone }) => {
    const moving = () => page.evaluate(() => document.getAnimations().map(({ playState }) => playState));
    await page.goto("/login");
    expect(await moving()).toEqual([]);
    await requestCode(page, phone);
    await expect(page.getByTestId("simulated-sms")).toBeVisible();
    expect(await moving()).toEqual([]);
    await enterCode(page, await shownCode(page));
    await expect(page).toHaveURL("/profile");
    expect(await moving()).toEqual([]);
  });
});
