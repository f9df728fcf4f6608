// Every journey of a member, and the main one of an admin, by the keys alone, with JavaScript and without.

import type { Locator, Page } from "@playwright/test";
import { becomeAdmin } from "./admin.ts";
import { codeField, expect, hydrated, inviteCodeOf, inviteField, newPhone, ownCode, phoneField, scripting, shownCode, test } from "./fixtures.ts";
import { inLanguage, say } from "./words.ts";

/** More than any page has of what can be focused. */
const FOCUSABLE = 80;

/** Goes forward with the Tab key until this has the focus, which is visible then. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  const isFocused = () => target.evaluate((element) => element === document.activeElement);
  for (let pressed = 0; pressed < FOCUSABLE && !(await isFocused()); pressed++) await page.keyboard.press("Tab");
  await expect(target).toBeFocused();
  const outline = await target.evaluate((element) => getComputedStyle(element).outlineStyle);
  expect(outline, `the focus of ${target}`).not.toBe("none");
}

async function press(page: Page, target: Locator): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press("Enter");
}

async function type(page: Page, field: Locator, text: string): Promise<void> {
  await tabTo(page, field);
  await page.keyboard.type(text);
}

/** Logs in from the first page on. */
async function logIn(page: Page, phone: string): Promise<void> {
  await page.goto("/");
  await press(page, page.getByRole("main").getByRole("link", { name: say("MEMBER.log_in") }).first());
  await expect(page).toHaveURL("/login");
  await hydrated(page);
  await type(page, phoneField(page), phone);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/login/code");
  await hydrated(page);
  const code = await shownCode(page);
  await type(page, codeField(page), code);
  // With JavaScript the form is sent at the last digit.
  if (!(await scripting(page))) await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/profile");
  await hydrated(page);
}

test("a member logs in, redeems a code, looks at every page, and logs out", async ({ page, request, phone, otherPhone }) => {
  const code = await inviteCodeOf(request, otherPhone);
  await logIn(page, phone);
  await type(page, inviteField(page), code.toLowerCase());
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("activated-code")).toHaveText(code);
  const back = page.getByRole("link", { name: say("Back to the profile") });
  for (const title of ["MEMBER.progress_title", "Devices", "Your data"]) {
    await press(page, page.getByRole("link", { name: say(title) }));
    await press(page, back);
    await expect(page).toHaveURL("/profile");
  }
  await press(page, page.getByRole("button", { name: say("Log out") }));
  await expect(page).toHaveURL("/login");
});

test("a member changes the language, and their number", async ({ page, phone }) => {
  await logIn(page, phone);
  const own = await ownCode(page).innerText();
  for (const [language, tag] of inLanguage({ en: [["Русский", "ru"], ["English", "en"]], ru: [["English", "en"], ["Русский", "ru"]] })) {
    await press(page, page.getByRole("button", { name: language }));
    await expect(page.locator("html")).toHaveAttribute("lang", tag);
  }
  await press(page, page.getByRole("link", { name: say("Your data") }));
  await press(page, page.getByRole("link", { name: say("Change my number") }));
  await press(page, page.getByRole("button", { name: say("Send a code to my present number") }));
  await type(page, codeField(page), await shownCode(page));
  await page.keyboard.press("Enter");
  await type(page, phoneField(page), `+7926${phone.slice(-7)}`);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: say("Change my number") })).toBeVisible();
  await type(page, codeField(page), await shownCode(page));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/profile");
  await expect(ownCode(page)).toHaveText(own);
});

test("an admin finds a member and blocks them", async ({ page, request, server, phone }) => {
  const member = newPhone();
  await inviteCodeOf(request, member);
  await becomeAdmin(page, server, phone);
  await press(page, page.getByRole("link", { name: say("Members"), exact: true }));
  await expect(page.getByRole("heading", { name: say("Members") })).toBeVisible();
  await hydrated(page);
  await type(page, page.getByLabel(say("Part of a phone, or an invite code")), member.slice(1));
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("member")).toHaveCount(1);
  const found = page.getByTestId("member");
  await press(page, found.and(page.getByRole("link")).or(found.getByRole("link").first()));
  await expect(page.getByRole("link", { name: say("Block"), exact: true })).toBeVisible();
  await hydrated(page);
  await press(page, page.getByRole("link", { name: say("Block"), exact: true }));
  await expect(page.getByLabel(say("Reason"))).toBeVisible();
  await hydrated(page);
  await type(page, page.getByLabel(say("Reason")), "they asked for it");
  await page.keyboard.press("Enter");
  await expect(page.getByText(say("blocked"), { exact: true }).first()).toBeVisible();
});
