// What admins see of webhooks, and how they send them again, with JavaScript and without.

import { type Server as Receiver, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server, webhooksTo } from "../server.ts";
import { becomeAdmin } from "./admin.ts";
import { expect, hydrated, test as base } from "./fixtures.ts";
import { checkView } from "./views.ts";
import { inLanguage, say } from "./words.ts";

/** A system that is told: it answers with a status, and keeps which events have come. */
class Told {
  status = 204;
  readonly ids: string[] = [];
  private readonly server: Receiver = createServer((request, response) => {
    this.ids.push(String(request.headers["webhook-id"]));
    request.resume().on("end", () => response.writeHead(this.status).end());
  });

  async start(): Promise<string> {
    await new Promise<void>((listens) => this.server.listen(0, "127.0.0.1", listens));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hooks`;
  }

  stop(): void {
    this.server.close();
  }
}

const test = base.extend<{ told: Told; telling: Server }>({
  told: async ({}, use) => {
    const told = new Told();
    await use(told);
    told.stop();
  },
  telling: async ({ told }, use) => {
    const server = new Server({ VOUCH_TRUSTED_HOPS: "1", ...webhooksTo(await told.start()) });
    await server.start();
    await use(server);
    await server.remove();
  },
  baseURL: async ({ telling }, use) => use(telling.url),
});

test("an endpoint that is gone is switched on again, and gets what has been waiting for it", async ({ page, told, telling, phone }) => {
  told.status = 410;
  await becomeAdmin(page, telling, phone);
  await expect.poll(() => told.ids.length).toBe(1);
  await expect(async () => {
    await page.goto("/admin");
    await expect(page.getByText(inLanguage({ en: "No webhooks are sent to http://127.0.0.1", ru: "На http://127.0.0.1" }))).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await page.getByRole("link", { name: say("See webhooks") }).first().click();
  await hydrated(page);
  const endpoint = page.getByTestId("endpoint");
  await expect(endpoint).toContainText(inLanguage({ en: "it answered 410 Gone", ru: "получатель ответил 410 Gone" }));
  await expect(page.getByTestId("delivery")).toContainText(say("waiting"));
  await checkView(page, "webhooks");

  told.status = 204;
  await endpoint.getByRole("link", { name: say("Switch on") }).click();
  await hydrated(page);
  await page.getByRole("button", { name: say("Switch on") }).click();
  await expect(page.locator("#reason-error")).toContainText(say("Say why"));
  await page.getByLabel(say("Reason")).fill("it was moved back");
  await page.getByRole("button", { name: say("Switch on") }).click();
  await expect(page).toHaveURL("/admin/webhooks");
  await expect(endpoint).not.toContainText("410 Gone");
  await page.goto("/admin/audit");
  await expect(page.getByTestId("audit-line").first()).toContainText("it was moved back");
});

test("an event is sent again with the same id", async ({ page, told, telling, phone }) => {
  await becomeAdmin(page, telling, phone);
  await expect.poll(() => told.ids.length).toBe(1);
  await page.goto("/admin/webhooks?state=delivered");
  await hydrated(page);
  await page.getByTestId("delivery").getByRole("link", { name: say("Member joined") }).click();
  await expect(page.getByTestId("attempt")).toHaveText(inLanguage({ en: /The endpoint answered 204/, ru: /Получатель ответил 204/ }));
  await hydrated(page);
  await checkView(page, "delivery");
  await page.getByLabel(say("Reason")).fill("they have lost it");
  await page.getByRole("button", { name: say("Send again") }).click();
  await expect(page).toHaveURL("/admin/webhooks");
  await expect.poll(() => told.ids.length).toBe(2);
  expect(new Set(told.ids).size).toBe(1);
});
