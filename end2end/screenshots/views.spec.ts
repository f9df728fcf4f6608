// A picture of every view of members, light and dark, narrow and wide, in every language.

import type { Locator } from "@playwright/test";
import { enterCode, expect, inviteCodeOf, inviteField, joinWith, logIn, logInByForms, ownCode, phoneField, redeem, requestCode, shownCode, test } from "../tests/fixtures.ts";
import { takePicture } from "./picture.ts";

const WIDTHS = [320, 768, 1440];
const LANGUAGES = ["en", "ru", "ar"];

for (const colorScheme of ["light", "dark"] as const) {
  for (const [widthNumber, width] of WIDTHS.entries()) {
    for (const [languageNumber, locale] of LANGUAGES.entries()) {
      test.describe(`${colorScheme}, ${width} px wide, ${locale}`, () => {
        test.use({
          colorScheme,
          locale,
          viewport: { width, height: width === 320 ? 640 : 900 },
          contextOptions: { reducedMotion: "reduce" },
          expectedInConsole: [/status of 404/],
        });

        test("every view", async ({ page, phone, request }) => {
          const picture = (name: string, shown: Locator) => takePicture(page, `${locale}-${name}-${colorScheme}-${width}`, shown);
          const heading = page.getByRole("heading", { level: 1 }).first();
          await page.goto("/");
          await picture("start", heading);

          // No more than ten of a series share their first seven digits: messages to those that do are limited.
          const run = 3 * languageNumber + widthNumber;
          const phoneOf = (series: number, number: number) => {
            const two = String(number).padStart(2, "0");
            return `+79${series}${colorScheme === "light" ? 1 : 2}${run}${two}0${two}`;
          };
          const inviter = await inviteCodeOf(request, phoneOf(16, 0));
          await page.goto(`/i/${inviter}`);
          await picture("invitation", heading);
          await page.goto("/i/AAAAAA");
          await picture("invitation-unknown", heading);

          await page.goto("/login");
          await picture("login", phoneField(page));
          await requestCode(page, "call me");
          await picture("login-refused", page.locator("#phone_number-error"));
          await requestCode(page, phone);
          await expect(page).toHaveURL("/login/code");
          await picture("code", page.getByTestId("simulated-sms"));
          await enterCode(page, (await shownCode(page)) === "0000" ? "1111" : "0000");
          await picture("code-refused", page.locator("#code-error"));

          const code = await logIn(page, phoneOf(14, 0));
          await picture("profile-invited", page.getByTestId("offer"));
          await page.context().clearCookies({ name: "vouch-invite" });
          await page.goto("/profile");
          await picture("profile-new", ownCode(page));
          await redeem(page, "ZZZZZZ");
          await picture("profile-refused", page.locator("#invite_code-error"));

          for (let number = 0; number < 22; number++) {
            await joinWith(request, phoneOf(15, number), code);
          }
          await page.goto("/profile");
          await redeem(page, inviter);
          await expect(page.getByTestId("activated-code")).toBeVisible();
          await expect(inviteField(page)).toHaveCount(0);
          await page.goto("/profile");
          await picture("profile-full", page.getByTestId("invitees").getByRole("listitem").last());
          await logInByForms(request, phoneOf(14, 0));
          await page.goto("/profile/devices");
          await picture("devices", page.getByTestId("device").last());
          for (const view of ["progress", "account", "number"]) {
            await page.goto(`/profile/${view}`);
            await picture(view, heading);
          }
          for (const [name, path] of [["offline", "/offline"], ["invitation-used", `/i/${inviter}`], ["not-found", "/nowhere"]]) {
            await page.goto(path);
            await picture(name, heading);
          }
          if (locale !== "en") return; // The style guide has no other language.
          await page.goto("/styleguide");
          await picture("styleguide", heading);
        });
      });
    }
  }
}
