// The admin pages in Russian, and the choice of a language there; with JavaScript and without.

import { AxeBuilder } from "@axe-core/playwright";
import { readFile } from "node:fs/promises";
import { type Page } from "@playwright/test";
import { act, becomeAdmin, importShows, openMember, uploadFile } from "./admin.ts";
import { attemptCodes, expect, guess, hydrated, inviteCodeOf, joinWith, scripting, test } from "./fixtures.ts";
import { english, russian } from "./words.ts";

const { admin, member } = russian;

test.use({ locale: "ru", viewport: { width: 320, height: 640 } });

const button = (page: Page, name: string) => page.getByRole("button", { name: admin(name), exact: true });
const link = (page: Page, name: string) => page.getByRole("link", { name: admin(name), exact: true });

/** The page is in Russian, fits a phone, has no fault that axe finds, and no sentence that was forgotten in English. */
async function isRussian(page: Page): Promise<void> {
  await hydrated(page);
  await expect(page.locator("html")).toHaveAttribute("lang", "ru");
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
  const text = await page.locator("body").innerText();
  for (const name of ["overview", "members", "audit_log", "reason_hint", "by", "nothing"]) {
    expect(text).not.toContain(english.admin(name).trim() + " ");
  }
  if (!(await scripting(page))) return;
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html)}`)).toEqual([]);
}

test("an admin sets the second factor up, walks through the sections, and chooses another language", async ({ page, server, phone }) => {
  await becomeAdmin(page, server, phone, russian);
  await expect(page.getByRole("heading", { name: admin("chart_joined") })).toBeVisible();
  await isRussian(page);
  for (const name of ["members", "review", "audit_log", "export", "import"]) {
    await link(page, name).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(admin(name));
    await isRussian(page);
  }
  await expect(page.getByRole("button", { name: "العربية" })).toHaveCount(0);
  await page.getByRole("button", { name: "English" }).click();
  await expect(page).toHaveURL("/admin/imports");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(english.admin("import"));
  await page.getByRole("button", { name: "Русский" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(admin("import"));
});

test("a member is blocked and unblocked, and the reason stays in the log", async ({ page, server, request, phone, otherPhone }) => {
  await inviteCodeOf(request, otherPhone);
  await becomeAdmin(page, server, phone, russian);
  await openMember(page, otherPhone, russian);
  await isRussian(page);
  await act(page, admin("block"), admin("block"), "спам в чате", russian);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(admin("blocked"));
  await hydrated(page);
  await act(page, admin("unblock"), admin("unblock"), "это был не он", russian);
  await expect(page.getByRole("heading", { level: 1 })).not.toContainText(admin("blocked"));
  await hydrated(page);
  await link(page, "audit_log").click();
  const line = page.getByTestId("audit-line").filter({ hasText: "это был не он" });
  await expect(line).toContainText(admin("act_unblock"));
  await isRussian(page);
});

test("an act without a reason is refused", async ({ page, server, request, phone, otherPhone }) => {
  await inviteCodeOf(request, otherPhone);
  await becomeAdmin(page, server, phone, russian);
  await openMember(page, otherPhone, russian);
  await link(page, "erase").click();
  await hydrated(page);
  await button(page, "erase_button").click();
  await expect(page.locator("#reason-error")).toHaveText(admin("reason_missing"));
  await isRussian(page);
});

test("a mistyped code is explained, and the probable one is attached", async ({ page, server, request, phone, otherPhone }) => {
  const code = await inviteCodeOf(request, otherPhone);
  const invitee = `+7918${otherPhone.slice(-7)}`;
  await attemptCodes(request, invitee, [code.slice(0, 5)]);
  await becomeAdmin(page, server, phone, russian);
  await openMember(page, invitee, russian);
  await expect(page.getByTestId("attempt")).toContainText(admin("attempt_unknown"));
  await isRussian(page);
  const meant = page.getByTestId("meant").filter({ hasText: code });
  await meant.getByRole("link", { name: admin("attach_this") }).click();
  await hydrated(page);
  await page.getByLabel(admin("reason")).fill("пропустил букву");
  await button(page, "attach").click();
  await expect(page.getByText(admin("attached_by_admin"))).toBeVisible();
  await isRussian(page);
});

test("invitees are shown and hidden", async ({ page, server, request, phone, otherPhone }) => {
  const tail = otherPhone.slice(-7);
  await joinWith(request, `+7921${tail}`, await inviteCodeOf(request, otherPhone));
  await joinWith(request, `+7922${tail}`, await inviteCodeOf(request, `+7921${tail}`));
  await becomeAdmin(page, server, phone, russian);
  await openMember(page, otherPhone, russian);
  await expect(page.locator(".tree li")).toHaveCount(1);
  await page.getByRole("link", { name: /показать 1 приглашённого$/ }).click();
  await expect(page.locator(".tree li")).toHaveCount(2);
  await isRussian(page);
  await page.getByRole("link", { name: /скрыть 1 приглашённого$/ }).click();
  await expect(page.locator(".tree li")).toHaveCount(1);
});

test("unknown codes raise a flag, which is reviewed", async ({ page, server, request, phone, otherPhone }) => {
  await guess(request, otherPhone, 8);
  await becomeAdmin(page, server, phone, russian);
  await page.goto("/admin/flags");
  const name = new RegExp(`912 ${otherPhone.slice(5, 8)}`);
  const flag = page.getByTestId("flag").filter({ hasText: admin("flag_guessing") }).filter({ hasText: name });
  await expect(flag).toContainText("ввёл 8 неизвестных кодов");
  await isRussian(page);
  await flag.getByRole("link", { name: admin("review_this"), exact: true }).click();
  await hydrated(page);
  await page.getByLabel(admin("reason")).fill("плохо напечатано");
  await button(page, "save").click();
  await expect(page.locator("#reason-error")).toHaveText(admin("verdict_missing"));
  await isRussian(page);
  await page.getByRole("radio", { name: admin("dismiss").trim() }).check();
  await page.getByLabel(admin("reason")).fill("плохо напечатано");
  await button(page, "save").click();
  await expect(page).toHaveURL("/admin/flags");
  await hydrated(page);
  await page.getByRole("link", { name: admin("reviewed") }).click();
  await expect(page.getByTestId("flag").filter({ hasText: name })).toContainText(admin("dismissed"));
});

test("a list is exported", async ({ page, server, phone }) => {
  await becomeAdmin(page, server, phone, russian);
  await page.goto("/admin/export");
  await hydrated(page);
  await button(page, "download").click();
  await expect(page.locator("#reason-error")).toHaveText(admin("reason_missing"));
  await isRussian(page);
  await page.getByLabel(admin("list"), { exact: true }).selectOption("members");
  await page.getByLabel(admin("reason")).fill("для отчёта");
  const [download] = await Promise.all([page.waitForEvent("download"), button(page, "download").click()]);
  // Programs read the file, so its columns have the same names in every language.
  expect(await readFile(await download.path(), "utf8")).toContain("phone_number");
});

test("a file of members is checked, corrected, and imported as a whole", async ({ page, server, phone }) => {
  const tail = phone.slice(-7);
  await becomeAdmin(page, server, phone, russian);
  await uploadFile(page, "bad.csv", `phone_number\n+7931${tail}\n12345\n`, russian);
  await expect(page.getByTestId("import-state")).toHaveText("Строк с ошибками: 1 из 2. Ничего не импортировано.");
  await expect(page.getByTestId("bad-line")).toContainText(admin("line_phone_invalid"));
  await isRussian(page);
  await link(page, "upload_again").click();
  await uploadFile(page, "good.csv", `phone_number\n+7931${tail}\n`, russian);
  await expect(page.getByTestId("import-state")).toHaveText("Можно импортировать 1 строку. Пока ничего не импортировано.");
  await page.getByLabel(admin("reason")).fill("из прежней системы");
  await button(page, "import_all").click();
  await importShows(page, /Импорт завершён: 1 участник\./);
  await openMember(page, `+7931${tail}`, russian);
  await page.getByRole("button", { name: member("log_out") }).click();
  await expect(page).toHaveURL("/login");
});
