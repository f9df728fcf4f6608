// What only a browser without JavaScript meets.

import { Server } from "../server.ts";
import { codeField, expect, logIn, ownCode, phoneField, shownCode, test } from "./fixtures.ts";

test("the copy button is not there, since it could do nothing", async ({ page, phone }) => {
  await logIn(page, phone);
  await expect(page.getByRole("button", { name: "Copy code" })).toBeHidden();
});

test("another code can be asked for, and replaces the one before", async ({ page, phone }) => {
  const server = new Server({ VOUCH_LIMITS: "relaxed" });
  await server.start();
  await page.goto(`${server.url}/login`);
  await phoneField(page).fill(phone);
  await page.getByRole("button", { name: "Send the code" }).click();
  const first = await shownCode(page);
  await page.getByRole("button", { name: "Send again" }).click();
  await expect(page.getByTestId("simulated-sms")).not.toContainText(first);
  await codeField(page).fill(await shownCode(page));
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(ownCode(page)).toBeVisible();
  await server.remove();
});

test("another code asked for too soon gets a clear sentence", async ({ page, phone }) => {
  await page.goto("/login");
  await phoneField(page).fill(phone);
  await page.getByRole("button", { name: "Send the code" }).click();
  await page.getByRole("button", { name: "Send again" }).click();
  await expect(page.getByRole("alert").filter({ hasText: /You can request another in \d+ s/ })).toBeVisible();
});
