// The admin pages have no fault, fit a phone, and update without being loaded again.

import { becomeAdmin, uploadFile, openMember } from "./admin.ts";
import { expect, guess, hydrated, inviteCodeOf, joinWith, logIn, redeem, test } from "./fixtures.ts";
import { checkView } from "./views.ts";
import { inLanguage, say } from "./words.ts";

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, viewport: { width: 320, height: 640 } });

    test("no admin view has a fault, and each fits a phone", async ({ page, server, request, phone, otherPhone }) => {
      test.setTimeout(60_000);
      const check = (view: string) => checkView(page, view);
      const tail = phone.slice(-7);
      const member = `+7924${tail}`;
      await guess(request, `+7926${tail}`, 8);
      await joinWith(request, `+7925${tail}`, await inviteCodeOf(request, member));
      await logIn(page, member);
      await redeem(page, "ZZZZZZ");
      await expect(page.locator("#invite_code-error")).toBeVisible();
      await page.context().clearCookies();

      server.command("admin", "grant", otherPhone);
      await logIn(page, otherPhone);
      await page.goto("/admin");
      await check("second factor, before");
      await page.getByRole("button", { name: say("Set it up") }).click();
      await expect(page.getByTestId("secret")).toBeVisible();
      await check("second factor, setting up");
      await page.context().clearCookies();
      await becomeAdmin(page, server, phone);
      await check("overview");
      await page.getByText(say("As a table")).first().click();
      await check("overview, as a table");
      await page.goto("/admin/members");
      await page.getByText(say("More filters")).click();
      await check("members");
      await page.goto("/admin/members?q=who");
      await expect(page.getByRole("alert").filter({ hasText: say("Search for digits of a phone number") })).toBeVisible();
      await check("members, unclear search");
      await openMember(page, member);
      await expect(page.getByTestId("attempt")).toBeVisible();
      await check("member");
      await page.getByRole("link", { name: say("Attach to an inviter") }).click();
      await expect(page.getByRole("heading", { name: say("Attach to an inviter?") })).toBeVisible();
      await page.getByRole("button", { name: say("Attach"), exact: true }).click();
      await expect(page.locator("#reason-error")).toBeVisible();
      await check("act refused");
      await page.goto("/admin/flags");
      await check("flags");
      await page.getByTestId("flag").first().getByRole("link", { name: say("ADMIN.review_this") }).click();
      await expect(page.getByRole("heading", { name: say("Review this flag") })).toBeVisible();
      await check("flag");
      await page.goto("/admin/audit");
      await expect(page.getByTestId("audit-line").first()).toBeVisible();
      await check("audit log");
      await page.goto("/admin/webhooks");
      await check("webhooks, without endpoints");
      await page.goto("/admin/export");
      await page.getByRole("button", { name: say("Download") }).click();
      await expect(page.locator("#reason-error")).toBeVisible();
      await check("export, refused");
      await page.goto("/admin/imports");
      await page.getByText(say("Columns of the file")).click();
      await check("imports");
      await uploadFile(page, "bad.csv", "phone_number,имя\n12345,Анна\n");
      await check("import with a line to correct");
      await uploadFile(page, "good.csv", `phone_number\n+7934${tail}\n`);
      await check("import to be confirmed");
    });
  });
}

test("the admin pages are in a file of their own, which members do not load", async ({ page, server, phone, otherPhone }) => {
  const loaded: string[] = [];
  page.on("request", (request) => loaded.push(new URL(request.url()).pathname));
  await logIn(page, otherPhone);
  await hydrated(page);
  expect(loaded.filter((path) => path.endsWith(".wasm"))).toHaveLength(1);
  expect(loaded.filter((path) => path.includes("admin"))).toEqual([]);
  await page.context().clearCookies();
  await becomeAdmin(page, server, phone);
  await hydrated(page);
  expect(loaded.filter((path) => /\/pkg\/admin\..*wasm$/.test(path))).not.toEqual([]);
});

test("a search changes the list and the address without loading the page again", async ({ page, server, phone, otherPhone, request }) => {
  await inviteCodeOf(request, otherPhone);
  await becomeAdmin(page, server, phone);
  await page.goto("/admin/members");
  await hydrated(page);
  await page.evaluate(() => Object.assign(window, { marked: true }));
  await page.getByLabel(say("Part of a phone, or an invite code")).fill(otherPhone.slice(-9));
  await page.getByRole("button", { name: say("Search") }).click();
  await expect(page.getByTestId("member")).toHaveCount(1);
  await page.getByTestId("member").click();
  await expect(page.getByRole("heading", { name: say("ADMIN.their_code") })).toBeVisible();
  expect(await page.evaluate(() => "marked" in window)).toBe(true);
  await page.goBack();
  await expect(page.getByLabel(say("Part of a phone, or an invite code"))).toHaveValue(otherPhone.slice(-9));
});

test("the overview is shown by days, weeks and months", async ({ page, server, phone }) => {
  await becomeAdmin(page, server, phone);
  await hydrated(page);
  await expect(page.locator("figure")).toHaveCount(4);
  for (const [link, rows] of [["Months", 24], ["Weeks", 26], ["Days", 30]] as const) {
    await page.getByRole("link", { name: say(link) }).click();
    await expect(page.locator("figure").first().locator("tbody tr")).toHaveCount(rows);
  }
});

test("members are ordered by the heads of the table, also by keyboard", async ({ page, server, phone, otherPhone, request }) => {
  const tail = otherPhone.slice(-7);
  await joinWith(request, `+7921${tail}`, await inviteCodeOf(request, otherPhone));
  await becomeAdmin(page, server, phone);
  await page.goto(`/admin/members?q=${tail}`);
  await hydrated(page);
  const names = async () => (await page.getByTestId("member").allInnerTexts()).map((name) => name.replaceAll(/\D/g, "").slice(1, 4));
  expect(await names()).toEqual(["921", otherPhone.slice(2, 5)]);
  const joined = page.getByRole("columnheader", { name: say("ADMIN.joined_column") });
  await expect(joined).toHaveAttribute("aria-sort", "descending");
  await joined.getByRole("link").focus();
  await page.keyboard.press("Enter");
  await expect(joined).toHaveAttribute("aria-sort", "ascending");
  await expect(page).toHaveURL(/q=\d+&sort=oldest$/);
  expect(await names()).toEqual([otherPhone.slice(2, 5), "921"]);
  await page.getByRole("columnheader", { name: say("ADMIN.activated_column") }).getByRole("link").click();
  await expect(page.getByTestId("member")).toHaveCount(1);
  await expect(page.getByText(say("In this order, only members who have activated a code are listed."))).toBeVisible();
});

test("on a phone each member is a card, and on a desktop a row of the table", async ({ page, server, phone }) => {
  await becomeAdmin(page, server, phone);
  await page.setViewportSize({ width: 375, height: 740 });
  await page.goto("/admin/members");
  const row = page.getByRole("row").filter({ has: page.getByTestId("member") }).first();
  await expect(page.getByRole("columnheader", { name: say("ADMIN.joined_column") })).toBeHidden();
  const [name, joined] = [row.getByTestId("member"), row.locator("time").first()];
  expect((await joined.boundingBox())!.y).toBeGreaterThan((await name.boundingBox())!.y + 10);
  await page.setViewportSize({ width: 1440, height: 900 });
  await expect(page.getByRole("columnheader", { name: say("ADMIN.joined_column") })).toBeVisible();
  expect(Math.abs((await joined.boundingBox())!.y - (await name.boundingBox())!.y)).toBeLessThan(10);
});

test("the key / leads to the search, but not out of a field", async ({ page, server, phone }) => {
  await becomeAdmin(page, server, phone);
  await page.goto("/admin/members");
  await hydrated(page);
  const search = page.getByLabel(say("Part of a phone, or an invite code"));
  await expect(search).toHaveAttribute("aria-keyshortcuts", "/");
  await page.keyboard.press("/");
  await expect(search).toBeFocused();
  await expect(search).toHaveValue("");
  await page.keyboard.type("a/b");
  await expect(search).toHaveValue("a/b");
  await page.getByText(say("More filters")).click();
  const inviter = page.getByLabel(say("Inviter (code or phone)"));
  await inviter.focus();
  await page.keyboard.press("/");
  await expect(inviter).toHaveValue("/");
  await page.getByRole("button", { name: say("Turn this key off") }).click();
  await page.keyboard.press("/");
  await expect(search).not.toBeFocused();
  await page.getByRole("button", { name: say("Turn this key on") }).click();
  await page.keyboard.press("/");
  await expect(search).toBeFocused();
});

test("a chart says the number of a bar to the pointer and to the arrow keys", async ({ page, server, phone }) => {
  await becomeAdmin(page, server, phone);
  await hydrated(page);
  const chart = page.locator("figure").first();
  const bars = chart.getByRole("slider");
  await bars.focus();
  const today = await bars.getAttribute("aria-valuetext");
  expect(today).toMatch(inLanguage({ en: /^\d+ \w+ \d{4}, joined: \d+$/, ru: /^\d+ [а-я]+\.? \d{4}, присоединилось: \d+$/ }));
  await expect(chart.locator(".readout")).toHaveText(today!);
  await page.keyboard.press("ArrowLeft");
  await expect(bars).toHaveAttribute("aria-valuenow", "28");
  await expect(bars).not.toHaveAttribute("aria-valuetext", today!);
  await page.keyboard.press("End");
  await expect(bars).toHaveAttribute("aria-valuetext", today!);
  await bars.blur();
  await expect(chart.locator(".readout")).toBeEmpty();
  await chart.locator(".area").last().hover({ force: true });
  await expect(chart.locator(".readout")).toHaveText(today!);
});
