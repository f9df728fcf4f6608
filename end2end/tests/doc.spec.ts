// The pages that document the API. The fixture fails at any violation of the Content-Security-Policy.

import { type Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { leftInEnglish } from "./views.ts";

/** What is the same in every language: samples, types, names of headers. */
const SAME =
  "pre, textarea, option, .info hgroup, .opblock-summary-method, .opblock-summary-path, .parameter__name, .parameter__type, " +
  ".parameter__in, .header-col, .url, .response_current";

const operation = (page: Page, path: string) =>
  page.locator(".opblock").filter({ has: page.locator(`[data-path="${path}"]`) });

/** Opens an operation, sends it and returns what the server answered. */
async function tryOut(page: Page, path: string, body?: object): Promise<string> {
  const block = operation(page, path);
  if (!(await block.evaluate((element) => element.classList.contains("is-open")))) {
    await block.locator(".opblock-summary-control").click();
    await block.getByRole("button", { name: "Try it out" }).click();
  }
  if (body) await block.locator("textarea").fill(JSON.stringify(body));
  const answered = page.waitForResponse((response) => new URL(response.url()).pathname === path);
  await block.getByRole("button", { name: "Execute" }).click();
  const answer = await (await answered).text();
  await expect(block.locator(".live-responses-table")).toBeVisible();
  return answer;
}

// A test below gets an answer of 404. A violation of the policy has another text.
test.use({ expectedInConsole: [/status of 404/] });

test("endpoints can be called, also with a token, and nothing is loaded from other sites", async ({ page, phone, server }) => {
  const elsewhere: string[] = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol !== "data:" && url.origin !== server.url) elsewhere.push(request.url());
  });
  await page.goto("/doc/");
  const { paths } = await (await page.request.get("/schema/?format=json")).json();
  await expect(page.locator(".opblock")).toHaveCount(Object.values(paths as object).flatMap(Object.keys).length);

  const { code } = JSON.parse(await tryOut(page, "/get_code/", { phone_number: phone }));
  const { access } = JSON.parse(await tryOut(page, "/authorize/", { phone_number: phone, code }));
  await page.getByRole("button", { name: "Authorize", exact: true }).click();
  const heading = page.locator("h4 code").getByText("bearer", { exact: true });
  const credential = page.locator(".auth-container").filter({ has: heading });
  await credential.getByLabel("auth-bearer-value").fill(access);
  await credential.getByRole("button", { name: "Apply credentials" }).click();
  await credential.getByRole("button", { name: "Close" }).click();
  expect(JSON.parse(await tryOut(page, "/profile/")).phone_number).toBe(phone);
  expect(JSON.parse(await tryOut(page, "/implement_invite/", { invite_code: "ZZZZZZ" })).status).toBe(404);
  expect(elsewhere).toEqual([]);
});

test.describe("in Russian", () => {
  test.use({ locale: "ru", viewport: { width: 320, height: 640 } });

  test("the page, the description and an answer are in Russian, and another language can be chosen", async ({ page, phone }) => {
    await page.goto("/doc/");
    await expect(page.locator("html")).toHaveAttribute("lang", "ru");
    await expect(page.getByRole("button", { name: "Указать токены" }).first()).toBeVisible();
    const block = operation(page, "/get_code/");
    await expect(block).toContainText("Отправить код входа");
    await block.locator(".opblock-summary-control").click();
    for (const text of ["Параметры", "Тело запроса", "Ответы", "Номер телефона не указан или невозможен", "Тип содержимого"]) {
      await expect(block).toContainText(text);
    }
    const required = block.locator(".parameter__name.required");
    expect(await required.evaluate((name) => getComputedStyle(name, "::after").content)).toBe('"обязательно"');
    await block.getByRole("button", { name: "Попробовать" }).click();
    await block.locator("textarea").fill(JSON.stringify({ phone_number: phone }));
    await block.getByRole("button", { name: "Отправить", exact: true }).click();
    await expect(block.locator(".live-responses-table")).toContainText("Тело ответа");
    expect(await leftInEnglish(page, SAME)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);

    await page.getByRole("button", { name: "English" }).click();
    await expect(page).toHaveURL("/doc/");
    await expect(page.getByRole("button", { name: "Authorize" }).first()).toBeVisible();
    await expect(operation(page, "/get_code/")).toContainText("Send a login code");
    await page.getByRole("button", { name: "Русский" }).click();
    await expect(operation(page, "/get_code/")).toContainText("Отправить код входа");
  });

  test("a link chooses the language of the page and of the description", async ({ page }) => {
    await page.goto("/doc/?language=en");
    await expect(page.locator("html")).toHaveAttribute("lang", "en");
    await expect(operation(page, "/get_code/")).toContainText("Send a login code");
    await page.getByRole("button", { name: "Русский" }).click();
    await expect(page.locator("html")).toHaveAttribute("lang", "ru");
  });
});

test("it fits a phone and works there", async ({ page, phone }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto("/doc/");
  expect(JSON.parse(await tryOut(page, "/get_code/", { phone_number: phone }))).toHaveProperty("code");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("it links to the description", async ({ page }) => {
    await page.goto("/doc/");
    await expect(page.getByRole("link", { name: "as JSON" })).toBeVisible();
    await page.getByRole("button", { name: "Русский" }).click();
    await expect(page.getByRole("link", { name: "в формате JSON" })).toBeVisible();
  });
});
