// What a member has achieved as an inviter, and a change of the number; with JavaScript and without.

import { codeField, expect, hydrated, joinWith, logIn, newPhone, phoneField, shownCode, test } from "./fixtures.ts";
import { inLanguage, say } from "./words.ts";

test("invitees are counted over time, and a member is on the board only if they want to be", async ({ page, request, phone }) => {
  const code = await logIn(page, phone);
  await page.getByRole("link", { name: say("MEMBER.progress_title") }).click();
  await expect(page.getByText(inLanguage({ en: "Nobody has joined with your code yet.", ru: "По вашему коду пока никто не присоединился." }))).toBeVisible();
  await joinWith(request, newPhone(), code);
  await page.reload();
  await expect(page.getByText(inLanguage({ en: "1 person joined with your code.", ru: "По вашему коду присоединилось: 1 человек." }))).toBeVisible();
  await expect(page.getByRole("table", { name: say("People who joined with your code, over time") }).getByRole("row")).toHaveCount(2);
  await page.getByRole("button", { name: say("Put me on the board") }).click();
  await expect(page.getByText(say("You are on the board, with a part of your number."))).toBeVisible();
  await page.getByRole("button", { name: say("Take me off the board") }).click();
  await expect(page.getByText(say("You are not on the board."))).toBeVisible();
  await page.getByRole("link", { name: say("Back to the profile") }).click();
  await expect(page).toHaveURL("/profile");
});

test("a number is changed once both phones are proven, and the code stays", async ({ page, phone }) => {
  const code = await logIn(page, phone);
  await page.getByRole("link", { name: say("Your data") }).click();
  await page.getByRole("link", { name: say("Change my number") }).click();
  await page.getByRole("button", { name: say("Send a code to my present number") }).click();
  await codeField(page).fill(await shownCode(page));
  await page.getByRole("button", { name: say("Go on") }).click();
  const other = `+7926${phone.slice(-7)}`;
  await phoneField(page).fill(other);
  await page.getByRole("button", { name: say("Send the code") }).click();
  await expect(codeField(page)).toBeVisible();
  await codeField(page).fill("12");
  await page.getByRole("button", { name: say("Change my number") }).click();
  await expect(page.locator("#code-error")).toBeVisible();
  await codeField(page).fill(await shownCode(page));
  await page.getByRole("button", { name: say("Change my number") }).click();
  await page.goto("/profile");
  await hydrated(page);
  await expect(page.locator(".who .phone")).toHaveText(new RegExp(other.slice(-2) + "$"));
  await expect(page.getByTestId("invite-code")).toHaveText(code);
});
