// What a member has achieved as an inviter, and a change of the number; with JavaScript and without.

import { codeField, expect, hydrated, joinWith, logIn, newPhone, phoneField, shownCode, test } from "./fixtures.ts";

test("invitees are counted over time, and a member is on the board only if they want to be", async ({ page, request, phone }) => {
  const code = await logIn(page, phone);
  await page.getByRole("link", { name: "Progress" }).click();
  await expect(page.getByText("Nobody has joined with your code yet.")).toBeVisible();
  await joinWith(request, newPhone(), code);
  await page.reload();
  await expect(page.getByText("1 person joined with your code.")).toBeVisible();
  await expect(page.getByRole("table", { name: "People who joined with your code, over time" }).getByRole("row")).toHaveCount(2);
  await page.getByRole("button", { name: "Put me on the board" }).click();
  await expect(page.getByText("You are on the board, with a part of your number.")).toBeVisible();
  await page.getByRole("button", { name: "Take me off the board" }).click();
  await expect(page.getByText("You are not on the board.")).toBeVisible();
  await page.getByRole("link", { name: "Back to the profile" }).click();
  await expect(page).toHaveURL("/profile");
});

test("a number is changed once both phones are proven, and the code stays", async ({ page, phone }) => {
  const code = await logIn(page, phone);
  await page.getByRole("link", { name: "Your data" }).click();
  await page.getByRole("link", { name: "Change my number" }).click();
  await page.getByRole("button", { name: "Send a code to my present number" }).click();
  await codeField(page).fill(await shownCode(page));
  await page.getByRole("button", { name: "Go on" }).click();
  const other = `+7926${phone.slice(-7)}`;
  await phoneField(page).fill(other);
  await page.getByRole("button", { name: "Send the code" }).click();
  await expect(codeField(page)).toBeVisible();
  await codeField(page).fill("12");
  await page.getByRole("button", { name: "Change my number" }).click();
  await expect(page.locator("#code-error")).toBeVisible();
  await codeField(page).fill(await shownCode(page));
  await page.getByRole("button", { name: "Change my number" }).click();
  await page.goto("/profile");
  await hydrated(page);
  await expect(page.locator(".who .phone")).toHaveText(new RegExp(other.slice(-2) + "$"));
  await expect(page.getByTestId("invite-code")).toHaveText(code);
});
