// What differs without JavaScript.

import { codeField, expect, logIn, ownCode, phoneField, shownCode, test } from "./fixtures.ts";
import { inLanguage, say } from "./words.ts";

test("the copy button is hidden, since it needs JavaScript", async ({ page, phone }) => {
  await logIn(page, phone);
  await expect(page.getByRole("button", { name: say("Copy code") })).toBeHidden();
});

test("the code can be sent again, and is the same", async ({ page, phone, startServer }) => {
  const server = await startServer({ VOUCH_LIMITS: "relaxed" });
  await page.goto(`${server.url}/login`);
  await phoneField(page).fill(phone);
  await page.getByRole("button", { name: say("Send the code") }).click();
  const first = await shownCode(page);
  const sent = page.waitForResponse(/\/api\/login\/send_again/);
  await page.getByRole("button", { name: say("Send again") }).click();
  expect((await sent).headers().location).toBe("/login/code");
  await expect(page.getByTestId("simulated-sms")).toContainText(first);
  await codeField(page).fill(first);
  await page.getByRole("button", { name: say("MEMBER.log_in") }).click();
  await expect(ownCode(page)).toBeVisible();
});

test("another code requested too soon is refused with the time to wait", async ({ page, phone }) => {
  await page.goto("/login");
  await phoneField(page).fill(phone);
  await page.getByRole("button", { name: say("Send the code") }).click();
  await page.getByRole("button", { name: say("Send again") }).click();
  await expect(page.getByRole("alert").filter({ hasText: inLanguage({ en: /You can request another in \d+ s/, ru: /Запросить другой можно через \d+ сек/ }) })).toBeVisible();
});
