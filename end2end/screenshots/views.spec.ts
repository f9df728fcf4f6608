// A picture of every view, light and dark, narrow and wide.

import type { Locator } from "@playwright/test";
import { enterCode, expect, inviteCodeOf, inviteField, joinWith, logIn, logInByForms, ownCode, phoneField, redeem, requestCode, shownCode, test } from "../tests/fixtures.ts";
import { takePicture } from "./picture.ts";

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [320, 768, 1440]) {
    test.describe(`${colorScheme}, ${width} px wide`, () => {
      test.use({
        colorScheme,
        viewport: { width, height: width === 320 ? 640 : 900 },
        contextOptions: { reducedMotion: "reduce" },
        expectedInConsole: [/status of 404/],
      });

      test("every view", async ({ page, phone, request }) => {
        const picture = (name: string, shown: Locator) => takePicture(page, `${name}-${colorScheme}-${width}`, shown);
        for (const language of ["ru", "ar"]) {
          for (const [name, path] of [["start", "/"], ["login", "/login"], ["not-found", "/nowhere"]]) {
            await page.goto(`${path}?language=${language}`);
            await picture(`${language}-${name}`, page.locator("h1"));
          }
        }
        await page.goto("/?language=en");
        await picture("start", page.locator("h1"));
        await page.goto("/login");
        await picture("login", phoneField(page));
        await requestCode(page, "call me");
        await picture("login-refused", page.locator("#phone_number-error"));
        await requestCode(page, phone);
        await expect(page).toHaveURL("/login/code");
        await picture("code", page.getByTestId("simulated-sms"));
        await enterCode(page, (await shownCode(page)) === "0000" ? "1111" : "0000");
        await picture("code-refused", page.locator("#code-error"));

        // No more than ten of a series share their first seven digits: messages to those that do are limited.
        const phoneOf = (series: number, number: number) => {
          const two = String(number).padStart(2, "0");
          return `+791${series}${colorScheme === "light" ? 1 : 2}${{ 320: 1, 768: 3, 1440: 2 }[width]}${two}0${two}`;
        };
        const code = await logIn(page, phoneOf(4, 0));
        await picture("profile-new", ownCode(page));
        await redeem(page, "ZZZZZZ");
        await picture("profile-refused", page.locator("#invite_code-error"));

        for (let number = 0; number < 22; number++) {
          await joinWith(request, phoneOf(5, number), code);
        }
        const inviter = await inviteCodeOf(request, phoneOf(6, 0));
        await page.goto("/profile");
        await redeem(page, inviter);
        await expect(page.getByTestId("activated-code")).toBeVisible();
        await expect(inviteField(page)).toHaveCount(0);
        await page.goto("/profile");
        await picture("profile-full", page.getByTestId("invitees").getByRole("listitem").last());
        await logInByForms(request, phoneOf(4, 0));
        await page.goto("/profile/devices");
        await picture("devices", page.getByTestId("device").last());
        for (const view of ["progress", "account", "number"]) {
          await page.goto(`/profile/${view}`);
          await picture(view, page.getByRole("heading", { level: 1 }));
        }
        for (const view of ["offline", "styleguide", `i/${inviter}`]) {
          await page.goto(`/${view}`);
          await picture(view.replace(/\/.*/, ""), page.getByRole("heading", { level: 1 }).first());
        }
        for (const language of ["ru", "ar"]) {
          for (const view of ["profile", "profile/progress", "profile/devices", "profile/account", "profile/number", "offline", `i/${inviter}`]) {
            await page.goto(`/${view}?language=${language}`);
            await picture(`${language}-${view.replace("profile/", "").replace(/\/.*/, "")}`, page.locator("h1"));
          }
        }
        await page.goto("/nowhere?language=en");
        await picture("not-found", page.getByRole("heading", { name: "There is no such page" }));
      });
    });
  }
}
