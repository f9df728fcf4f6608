// A picture of every view, light and dark, narrow and wide.

import { enterCode, expect, hydrated, inviteCodeOf, inviteField, joinWith, logIn, redeem, requestCode, test } from "../tests/fixtures.ts";

const folder = "test-results/screenshots";

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [320, 1440]) {
    test(`${colorScheme}, ${width} px wide`, async ({ browser, baseURL, phone, request }) => {
      const context = await browser.newContext({
        baseURL,
        colorScheme,
        viewport: { width, height: width === 320 ? 640 : 900 },
        reducedMotion: "reduce",
      });
      const page = await context.newPage();
      const picture = async (name: string) => {
        await hydrated(page);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(overflow, `${name} is wider than the window`).toBeLessThanOrEqual(0);
        await page.screenshot({ path: `${folder}/${name}-${colorScheme}-${width}.png`, fullPage: true });
      };
      await page.goto("/login");
      await picture("login");
      await requestCode(page, "call me");
      await expect(page.locator("#phone_number-error")).toBeVisible();
      await picture("login-refused");
      await requestCode(page, phone);
      await expect(page).toHaveURL("/login/code");
      await picture("code");
      await enterCode(page, "0000");
      await picture("code-refused");

      const phoneOf = (series: number, number: number) =>
        `+791${series}${colorScheme === "light" ? 1 : 2}${width === 320 ? 1 : 2}${String(number).padStart(5, "0")}`;
      const code = await logIn(page, phoneOf(4, 0));
      await picture("profile-new");
      await inviteField(page).fill("ZZZZZZ");
      await page.getByRole("button", { name: "Activate" }).click();
      await expect(page.locator("#invite_code-error")).toBeVisible();
      await picture("profile-refused");

      for (let number = 0; number < 22; number++) {
        await joinWith(request, phoneOf(5, number), code);
      }
      await page.goto("/profile");
      await redeem(page, await inviteCodeOf(request, phoneOf(6, 0)));
      await expect(page.getByTestId("activated-code")).toBeVisible();
      await page.goto("/profile");
      await picture("profile-full");
      await page.goto("/nowhere");
      await picture("not-found");
      await context.close();
    });
  }
}
