// What differs without JavaScript.

import { Server } from "../server.ts";
import { codeField, expect, logIn, ownCode, phoneField, shownCode, test } from "./fixtures.ts";

test("the copy button is hidden, since it needs JavaScript", async ({ page, phone }) => {
  await logIn(page, phone);
  await expect(page.getByRole("button", { name: "Copy code" })).toBeHidden();
});

test("the code can be sent again, and is the same", async ({ page, phone }) => {
  const server = new Server({ VOUCH_LIMITS: "relaxed" });
  await server.start();
  await page.goto(`${server.url}/login`);
  await phoneField(page).fill(phone);
  await page.getByRole("button", { name: "Send the code" }).click();
  const first = await shownCode(page);
  const sent = page.waitForResponse(/\/api\/login\/send_again/);
  await page.getByRole("button", { name: "Send again" }).click();
  expect((await sent).headers().location).toBe("/login/code");
  await expect(page.getByTestId("simulated-sms")).toContainText(first);
  await codeField(page).fill(first);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(ownCode(page)).toBeVisible();
  await server.remove();
});

test("another code requested too soon is refused with the time to wait", async ({ page, phone }) => {
  await page.goto("/login");
  await phoneField(page).fill(phone);
  await page.getByRole("button", { name: "Send the code" }).click();
  await page.getByRole("button", { name: "Send again" }).click();
  await expect(page.getByRole("alert").filter({ hasText: /You can request another in \d+ s/ })).toBeVisible();
});
