// What admins do, with JavaScript and without.

import { readFile } from "node:fs/promises";
import { act, importShows, becomeAdmin, uploadFile, openMember } from "./admin.ts";
import { codeField, enterCode, expect, guess, hydrated, inviteCodeOf, joinWith, logIn, logOut, phoneField, redeem, requestCode, scripting, shownCode, test, attemptCodes } from "./fixtures.ts";
import { checkView } from "./views.ts";
import { inLanguage, say } from "./words.ts";

test.describe("access", () => {
  test.use({ expectedInConsole: [/status of 404/] });

  test("whoever is not logged in is asked to log in, and members get a 404", async ({ page, phone }) => {
    for (const path of ["/admin", "/admin/members", "/admin/audit", "/admin/second-factor"]) {
      await page.goto(path);
      await expect(page).toHaveURL(`/login?next=${path}`);
    }
    await logIn(page, phone);
    for (const path of ["/admin", "/admin/", "/admin/members", "/admin/members/1", "/admin/members/1/block", "/admin/flags", "/admin/flags/1", "/admin/audit", "/admin/export", "/admin/imports", "/admin/imports/1", "/admin/webhooks", "/admin/webhooks/1", "/admin/webhooks/failed", "/admin/webhooks/endpoints/1", "/admin/second-factor"]) {
      expect((await page.goto(path))!.status(), path).toBe(404);
      await expect(page.getByText(say("There is no such page"))).toBeVisible();
    }
  });
});

test("an admin who has to log in first gets to the requested page", async ({ page, server, phone }) => {
  server.command("admin", "grant", phone);
  await page.goto("/admin/audit");
  await phoneField(page).fill(phone);
  await page.getByRole("button", { name: say("Send the code") }).click();
  await expect(page).toHaveURL("/login/code");
  await enterCode(page, await shownCode(page));
  await expect(page).toHaveURL("/admin/second-factor?next=/admin/audit");
  await expect(page.getByRole("button", { name: say("Set it up") })).toBeVisible();
});

test("the link that a new server prints makes whoever opens it and logs in the first admin", async ({ page, phone, startServer }) => {
  const server = await startServer();
  const path = /\/admin\/first\?token=\w+\n/;
  await expect.poll(() => server.output).toMatch(path);
  // The server does not know of a proxy in front of it.
  const link = server.url + path.exec(server.output)![0].trim();
  await page.goto(link);
  await phoneField(page).fill(phone);
  await page.getByRole("button", { name: say("Send the code") }).click();
  await expect(page).toHaveURL(`${server.url}/login/code`);
  await enterCode(page, await shownCode(page));
  await expect(page).toHaveURL(link);
  // The app of members has changed the address, and then lets the browser load the page.
  const accept = page.getByRole("button", { name: say("Become the admin") });
  await expect(accept).toBeVisible();
  await hydrated(page);
  await accept.click();
  await expect(page).toHaveURL(`${server.url}/admin/second-factor`);
  await expect(page.getByRole("button", { name: say("Set it up") })).toBeVisible();
  expect(server.command("admin", "list")).toContain("second factor not set up yet");
  expect((await page.request.get(link)).status()).toBe(404);
});

test("an admin walks through the sections, and chooses another language", async ({ page, server, phone }) => {
  await becomeAdmin(page, server, phone);
  await expect(page.getByRole("heading", { name: say("Members who joined") })).toBeVisible();
  for (const section of ["Members", "ADMIN.review", "Audit log", "Export", "Import"]) {
    await page.getByRole("link", { name: say(section), exact: true }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(say(section));
    await checkView(page, section);
  }
  // There are no admin pages in Arabic.
  await expect(page.getByRole("button", { name: "العربية" })).toHaveCount(0);
  await page.getByRole("button", { name: inLanguage({ en: "Русский", ru: "English" }) }).click();
  await expect(page).toHaveURL("/admin/imports");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(inLanguage({ en: "Импорт", ru: "Import" }));
  await page.getByRole("button", { name: inLanguage({ en: "English", ru: "Русский" }) }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("Import"));
});

test("after a search the filters do not hide the list", async ({ page, server, phone }) => {
  await becomeAdmin(page, server, phone);
  await page.goto("/admin/members");
  await hydrated(page);
  await page.getByText(say("More filters")).click();
  await page.getByLabel(say("Status")).selectOption("not-redeemed");
  await page.getByLabel(say("Order")).selectOption("oldest");
  await page.getByRole("button", { name: say("Search") }).click();
  await expect(page.getByText(inLanguage({ en: "More filters (2 set)", ru: "Другие фильтры (выбрано: 2)" }))).toBeVisible();
  await expect(page.getByLabel(say("Status"))).toBeHidden();
  await expect(page.getByTestId("member").first()).toBeInViewport();
});

test("the second factor is set up once and required at every login; a recovery code replaces it", async ({ page, server, phone }) => {
  const { recoveryCodes } = await becomeAdmin(page, server, phone);
  expect(recoveryCodes).toHaveLength(10);
  await expect(page.getByRole("heading", { name: say("Members") })).toBeVisible();
  await hydrated(page);
  await logOut(page);
  await requestCode(page, phone);
  await expect(page).toHaveURL("/login/code");
  await enterCode(page, await shownCode(page));
  await expect(page).toHaveURL("/profile");
  await page.goto("/admin/members");
  await expect(page).toHaveURL("/admin/second-factor?next=/admin/members");
  await hydrated(page);
  await codeField(page).fill("AAAAA-AAAAA");
  await page.getByRole("button", { name: say("Continue") }).click();
  await expect(page.locator("#code-error")).toContainText(say("ADMIN.second_factor_refused"));
  await codeField(page).fill(recoveryCodes[0]);
  await page.getByRole("button", { name: say("Continue") }).click();
  await expect(page).toHaveURL("/admin/members");
});

test("a revoked admin gets a 404 at once", async ({ page, server, phone }) => {
  await becomeAdmin(page, server, phone);
  expect(server.command("admin", "revoke", phone)).toContain("may no longer");
  const gone = await page.request.get("/admin/members");
  expect(gone.status()).toBe(404);
});

test("a member is blocked at once, and unblocked", async ({ page, server, phone, otherPhone, browser }) => {
  const theirs = await browser.newContext({ baseURL: server.url, javaScriptEnabled: false, extraHTTPHeaders: { "x-forwarded-for": "10.9.0.1" } });
  const member = await theirs.newPage();
  await logIn(member, otherPhone);
  await becomeAdmin(page, server, phone);
  await openMember(page, otherPhone);
  await act(page, say("Block"), inLanguage({ en: "spam in the chat", ru: "спам в чате" }));
  await expect(page.getByRole("heading", { level: 1 })).toContainText(say("blocked"));
  await checkView(page, "blocked member");
  await member.goto("/profile");
  await expect(member).toHaveURL("/login?next=/profile");
  await requestCode(member, otherPhone);
  await enterCode(member, await shownCode(member));
  await expect(member).toHaveURL("/login");
  await expect(member.locator("#phone_number-error")).toContainText(say("This account is blocked"));
  await hydrated(page);
  await act(page, say("Unblock"), "it was somebody else");
  await expect(page.getByRole("heading", { level: 1 })).not.toContainText(say("blocked"));
  await theirs.close();
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 360, height: 740 } });

  test("an admin finds why a redemption did not count, and attaches it", async ({ page, server, request, phone, otherPhone }) => {
    // The inviter was given a new code; the invitee enters the old one.
    const old = await inviteCodeOf(request, otherPhone);
    const invitee = `+7918${otherPhone.slice(-7)}`;
    await becomeAdmin(page, server, phone);
    await openMember(page, otherPhone);
    await act(page, say("Give a new code"), "the old one was posted in public");
    const theirs = await page.context().browser()!.newContext({ baseURL: server.url, javaScriptEnabled: false, extraHTTPHeaders: { "x-forwarded-for": "10.9.0.2" } });
    const inviteePage = await theirs.newPage();
    await logIn(inviteePage, invitee);
    await redeem(inviteePage, old);
    await expect(inviteePage.locator("#invite_code-error")).toContainText(say("Unknown code."));

    await openMember(page, invitee);
    const attempt = page.getByTestId("attempt").first();
    await expect(attempt).toContainText(old);
    await expect(attempt).toContainText(say("Not counted: its owner had been given a new code."));
    await attempt.getByTestId("attach-this").click();
    await hydrated(page);
    await expect(page.getByLabel(say("Invite code or phone of the inviter"))).toHaveValue(old);
    await page.getByLabel(say("Reason")).fill("entered the old code");
    await page.getByRole("button", { name: say("Attach"), exact: true }).click();
    await expect(page.getByText(say("Nobody. This member has not activated a code."))).toBeHidden();
    await expect(page.getByText(say(", attached by an admin"))).toBeVisible();
    await expect(attempt).toContainText(say("An admin has attached it since."));
    await expect(page.getByTestId("audit-line").first()).toContainText(say("Redemption attached"));
    await inviteePage.goto("/profile");
    await expect(inviteePage.getByTestId("activated-code")).toHaveText(old);
    await theirs.close();
  });
});

test("a similar code is suggested for a mistyped one, and attached", async ({ page, server, request, phone, otherPhone }) => {
  const code = await inviteCodeOf(request, otherPhone);
  const invitee = `+7918${otherPhone.slice(-7)}`;
  await attemptCodes(request, invitee, [code.slice(0, 5)]);
  await becomeAdmin(page, server, phone);
  await openMember(page, invitee);
  const meant = page.getByTestId("meant").filter({ hasText: code });
  await expect(meant).toContainText(otherPhone.slice(2, 5));
  await checkView(page, "mistyped code");
  await meant.getByRole("link", { name: say("Attach this") }).click();
  await hydrated(page);
  await page.getByLabel(say("Reason")).fill("left a letter out");
  await page.getByRole("button", { name: say("Attach"), exact: true }).click();
  await expect(page.getByText(say(", attached by an admin"))).toBeVisible();
});

test("detach, log out everywhere and erase a member; the audit log has a line for each", async ({ page, server, request, phone, otherPhone }) => {
  const code = await inviteCodeOf(request, otherPhone);
  const invitee = `+7919${otherPhone.slice(-7)}`;
  await joinWith(request, invitee, code);
  await becomeAdmin(page, server, phone);
  await openMember(page, invitee);
  await act(page, say("Detach"), "they asked for it");
  await expect(page.getByText(say("Nobody. This member has not activated a code."))).toBeVisible();
  await expect(page.getByTestId("attempt").first()).toContainText(say("Counted until an admin detached it."));
  await hydrated(page);
  await act(page, say("ADMIN.log_out_everywhere"), "phone was stolen");
  await expect(page.getByText(say("Not logged in."))).toBeVisible();
  await hydrated(page);
  const member = new URL(page.url()).pathname;
  await page.getByRole("link", { name: say("Erase") }).click();
  await hydrated(page);
  await page.getByRole("button", { name: say("Erase permanently") }).click();
  await expect(page.locator("#reason-error")).toContainText(say("Say why"));
  await page.getByLabel(say("Reason")).fill("they asked for it in writing");
  await page.getByRole("button", { name: say("Erase permanently") }).click();
  await expect(page).toHaveURL(member);
  await expect(page.getByRole("heading", { level: 1 })).toContainText(say("Erased member"));
  await hydrated(page);
  await page.getByRole("link", { name: say("Audit log") }).click();
  await expect(page.getByTestId("audit-line").first()).toContainText("in writing");
  const lines = await page.getByTestId("audit-line").allInnerTexts();
  for (const reason of ["they asked for it", "phone was stolen"]) {
    expect(lines.some((line) => line.includes(reason))).toBe(true);
  }
});

test("attempts with unknown codes raise a flag, which is reviewed", async ({ page, server, request, phone, otherPhone }) => {
  await guess(request, otherPhone, 8);
  await becomeAdmin(page, server, phone);
  await page.goto("/admin/flags");
  await hydrated(page);
  const name = new RegExp(`912 ${otherPhone.slice(5, 8)}`);
  const flag = page.getByTestId("flag").filter({ hasText: say("Guessing") }).filter({ hasText: name });
  await expect(flag).toContainText(inLanguage({ en: "entered 8 unknown codes", ru: "ввёл 8 неизвестных кодов" }));
  await flag.getByRole("link", { name: say("ADMIN.review_this") }).click();
  await hydrated(page);
  await page.getByLabel(say("Reason")).fill("a bad printout");
  await page.getByRole("button", { name: say("Save") }).click();
  await expect(page.locator("#reason-error")).toContainText(say("Choose a verdict"));
  await checkView(page, "review refused");
  await page.getByRole("radio", { name: say("Dismiss: the suspicion is wrong") }).check();
  await page.getByLabel(say("Reason")).fill("a bad printout");
  await page.getByRole("button", { name: say("Save") }).click();
  await expect(page).toHaveURL("/admin/flags");
  await hydrated(page);
  await expect(page.getByTestId("flag").filter({ hasText: name })).toHaveCount(0);
  await page.getByRole("link", { name: say("Reviewed") }).click();
  await expect(page.getByTestId("flag").filter({ hasText: name })).toContainText(say("dismissed"));
});

test("the invitees of invitees are shown and hidden", async ({ page, server, request, phone, otherPhone }) => {
  const tail = otherPhone.slice(-7);
  const code = await inviteCodeOf(request, otherPhone);
  await joinWith(request, `+7921${tail}`, code);
  await joinWith(request, `+7922${tail}`, await inviteCodeOf(request, `+7921${tail}`));
  await becomeAdmin(page, server, phone);
  await openMember(page, otherPhone);
  await expect(page.locator(".tree li")).toHaveCount(1);
  await page.getByRole("link", { name: inLanguage({ en: /^show the 1/, ru: /показать 1 приглашённого$/ }) }).click();
  await expect(page.locator(".tree li")).toHaveCount(2);
  await checkView(page, "invitees of invitees");
  await page.getByRole("link", { name: inLanguage({ en: /^hide the 1/, ru: /скрыть 1 приглашённого$/ }) }).click();
  await expect(page.locator(".tree li")).toHaveCount(1);
});

test("a list is exported, without cells that a spreadsheet program takes for formulas", async ({ page, server, phone }) => {
  await becomeAdmin(page, server, phone);
  await page.getByRole("link", { name: say("Export") }).click();
  await hydrated(page);
  await page.getByRole("button", { name: say("Download") }).click();
  await expect(page.locator("#reason-error")).toContainText(say("Say why"));
  await hydrated(page);
  await page.getByLabel(say("List")).selectOption("members");
  await page.getByLabel(say("Reason")).fill("=SUM(A1:A9), for the books");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: say("Download") }).click()]);
  expect(download.suggestedFilename()).toMatch(/^vouch-members-\d{4}-\d\d-\d\d\.csv$/);
  if (await scripting(page)) await expect(page.locator("#reason-error")).toBeHidden();
  const members = await readFile(await download.path(), "utf8");
  expect(members).toContain(`,'${phone},`);

  await page.getByLabel(say("List")).selectOption("audit");
  await page.getByLabel(say("Format")).selectOption("jsonl");
  await page.getByLabel(say("Reason")).fill("to look at it");
  const [second] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: say("Download") }).click()]);
  const [newest, before] = (await readFile(await second.path(), "utf8")).trim().split("\n").map((line) => JSON.parse(line));
  expect([newest.reason, before.reason]).toEqual(["to look at it", "=SUM(A1:A9), for the books"]);
});

test("a file of members is checked, corrected, and imported as a whole", async ({ page, server, phone }) => {
  const tail = phone.slice(-7);
  await becomeAdmin(page, server, phone);
  const members = [`+7931${tail},,`, `+7932${tail},QQQQQQ,`, `+7933${tail},,QQQQQQ`];
  await uploadFile(page, "bad.csv", ["phone_number,invite_code,redeemed_code", ...members, "12345,,"].join("\n"));
  const refused = inLanguage({
    en: "Of 4 lines, 1 cannot be imported. Nothing was imported.",
    ru: "Строк с ошибками: 1 из 4. Ничего не импортировано.",
  });
  await expect(page.getByTestId("import-state")).toHaveText(refused);
  await expect(page.getByTestId("bad-line")).toContainText(`${say("ADMIN.line")} 5`);
  await expect(page.getByTestId("bad-line")).toContainText(say("phone_number is not a possible number."));
  await expect(page.getByRole("button", { name: say("Import all") })).toHaveCount(0);
  await page.getByRole("link", { name: say("Upload the file again") }).click();
  await expect(page).toHaveURL("/admin/imports");

  const code = `Q${phone.slice(5, 8).replaceAll("0", "X").replaceAll("1", "Y")}ZZ`;
  const good = members.map((line) => line.replace("QQQQQQ", code));
  await uploadFile(page, "good.csv", ["phone_number,invite_code,redeemed_code", ...good].join("\n"));
  const accepted = inLanguage({
    en: "3 lines can be imported. Nothing was imported yet.",
    ru: "Можно импортировать 3 строки. Пока ничего не импортировано.",
  });
  await expect(page.getByTestId("import-state")).toHaveText(accepted);
  await page.getByRole("button", { name: say("Import all") }).click();
  await expect(page.locator("#reason-error")).toContainText(say("Say why"));
  await page.getByLabel(say("Reason")).fill("from the old system");
  await page.getByRole("button", { name: say("Import all") }).click();
  await importShows(page, inLanguage({ en: /3 members imported\./, ru: /Импорт завершён: 3 участника\./ }));
  await openMember(page, `+7932${tail}`);
  await expect(page.getByText(code).first()).toBeVisible();
  await openMember(page, `+7933${tail}`);
  await expect(page.getByTestId("attempt")).toContainText(code);
  await page.getByRole("link", { name: say("Audit log") }).click();
  await expect(page.getByTestId("audit-line").first()).toContainText(inLanguage({ en: "members: 3, redemptions: 1", ru: "участников: 3, активаций: 1" }));
});
