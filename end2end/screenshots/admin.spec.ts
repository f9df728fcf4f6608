// A picture of every admin view of a made-up referral program, light and dark, narrow and wide, in English and in Russian.

import type { Locator } from "@playwright/test";
import { Server, webhooksTo } from "../server.ts";
import { becomeAdmin, uploadFile } from "../tests/admin.ts";
import { expect, guess, hydrated, test } from "../tests/fixtures.ts";
import { say } from "../tests/words.ts";
import { takePicture } from "./picture.ts";

for (const colorScheme of ["light", "dark"] as const) {
  for (const [width, locale] of [320, 768, 1440].flatMap((width) => [[width, "en"], [width, "ru"]] as const)) {
    test.describe(`${colorScheme}, ${width} px wide, ${locale}`, () => {
      test.use({ locale });

      test("every admin view", async ({ browser, playwright }) => {
        // Nothing listens there, so that there are deliveries that wait.
        const server = new Server({ VOUCH_TRUSTED_HOPS: "1", ...webhooksTo("http://127.0.0.1:9/vouch") });
        server.command("demo", "--members", "2000");
        await server.start();
        const context = await browser.newContext({
          baseURL: server.url,
          colorScheme,
          viewport: { width, height: width === 320 ? 640 : 900 },
          reducedMotion: "reduce",
        });
        const page = await context.newPage();
        const picture = (name: string, shown: Locator) => takePicture(page, `admin-${locale}-${name}-${colorScheme}-${width}`, shown);
        const request = await playwright.request.newContext({ baseURL: server.url });
        await guess(request, "+79999999998", 8);
        await request.dispose();
        await becomeAdmin(page, server, "+79999999999");
        await picture("overview", page.locator("figure svg").nth(3));
        await page.goto("/admin/members?sort=most-invitees");
        await picture("members", page.getByTestId("member").last());
        await page.getByTestId("member").first().click();
        await expect(page.getByRole("heading", { level: 1 })).toContainText("+");
        await picture("member", page.getByRole("heading", { name: say("What admins did") }));
        await page.getByRole("link", { name: say("Block"), exact: true }).click();
        await picture("act", page.getByRole("heading", { name: say("Block this member?") }));
        await page.goto("/admin/flags");
        await picture("flags", page.getByTestId("flag").last());
        await page.getByTestId("flag").first().getByRole("link", { name: say("ADMIN.review_this") }).click();
        await picture("flag", page.getByRole("heading", { name: say("Review this flag") }));
        await page.goto("/admin/export");
        await picture("export", page.getByRole("button", { name: say("Download") }));
        await uploadFile(page, "from-the-old-system.csv", "phone_number,invite_code,e-mail\n12345,QRSTUV,a@b\n+79999999998,QQQ,c@d\n");
        await picture("import-bad", page.getByTestId("bad-line").last());
        await uploadFile(page, "corrected.csv", "phone_number,invite_code\n+79999999997,QRSTUV\n");
        await picture("import-good", page.getByRole("button", { name: say("Import all") }));
        await page.goto("/admin/imports");
        await hydrated(page);
        await page.getByText(say("Columns of the file")).click();
        await picture("imports", page.getByText(say("ADMIN.column_redeemed_at")));
        await page.goto("/admin/webhooks");
        await picture("webhooks", page.getByTestId("delivery").last());
        await page.goto("/admin/audit");
        await picture("audit", page.getByTestId("audit-line").last());
        await context.close();
        await server.remove();
      });
    });
  }
}
