// What the tests do as an admin.

import type { Page } from "@playwright/test";
import { Secret, TOTP } from "otpauth";
import type { Server } from "../server.ts";
import { codeField, expect, hydrated, logIn, scripting } from "./fixtures.ts";
import { inLanguage, say } from "./words.ts";

/** The authenticator app of an admin, and the recovery codes. */
export type SecondFactor = { app: TOTP; recoveryCodes: string[] };

/** Makes a phone an admin, logs it in and sets the second factor up. */
export async function becomeAdmin(page: Page, server: Server, phone: string): Promise<SecondFactor> {
  server.command("admin", "grant", phone);
  await logIn(page, phone);
  await page.goto("/admin");
  await hydrated(page);
  await page.getByRole("button", { name: say("Set it up") }).click();
  const secret = await page.getByTestId("secret").innerText();
  const app = new TOTP({ secret: Secret.fromBase32(secret.replaceAll(" ", "")) });
  const recoveryCodes = await page.locator(".recovery-codes li").allInnerTexts();
  await prove(page, app.generate());
  return { app, recoveryCodes };
}

/** Enters a code of the app, or a recovery code, and waits for the first admin page. */
export async function prove(page: Page, code: string): Promise<void> {
  await hydrated(page);
  await codeField(page).fill(code);
  await page.getByRole("button", { name: say("Continue") }).click();
  await expect(page).toHaveURL("/admin");
}

/** Searches for a member by phone, and opens their page. */
export async function openMember(page: Page, phone: string): Promise<void> {
  await page.goto("/admin/members");
  await hydrated(page);
  await page.getByLabel(say("Part of a phone, or an invite code")).fill(phone.slice(1));
  await page.getByRole("button", { name: say("Search") }).click();
  // With JavaScript the previous list stays until the new one has arrived.
  await expect(page.getByTestId("member")).toHaveCount(1);
  await expect(page).toHaveURL(/q=/);
  await page.getByTestId("member").click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("+");
  await hydrated(page);
}

/** Follows the link of an act on the page of a member, enters the reason and confirms. */
export async function act(page: Page, name: string, reason: string): Promise<void> {
  const member = new URL(page.url()).pathname;
  await page.getByRole("link", { name, exact: true }).click();
  await hydrated(page);
  await page.getByLabel(say("Reason")).fill(reason);
  await page.getByRole("button", { name, exact: true }).click();
  await expect(page).toHaveURL(member);
  await expect(page.getByTestId("audit-line").first()).toContainText(reason);
}

/** Uploads a file of members, and waits until it was checked. */
export async function uploadFile(page: Page, name: string, csv: string): Promise<void> {
  await page.goto("/admin/imports");
  await hydrated(page);
  await page.getByLabel(say("ADMIN.file"), { exact: true }).setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(csv) });
  await page.getByRole("button", { name: say("Check the file") }).click();
  await expect(page).toHaveURL(/\/admin\/imports\/\d+$/);
  await importShows(page, inLanguage({ en: /imported/, ru: /импортир/ }));
}

/** Waits until the page of an import shows this text; without JavaScript the page has to be loaded again. */
export async function importShows(page: Page, text: RegExp): Promise<void> {
  const state = page.getByTestId("import-state");
  await expect(async () => {
    if (!(await scripting(page))) await page.reload();
    await expect(state).toHaveText(text, { timeout: 2_000 });
  }).toPass({ timeout: 20_000 });
  await hydrated(page);
}
