// A picture of every admin view of a made-up programme, light and dark, narrow and wide.

import { Server } from "../server.ts";
import { becomeAdmin, bringFile } from "../tests/admin.ts";
import { expect, guess, hydrated, test } from "../tests/fixtures.ts";

const folder = "test-results/screenshots";

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [320, 1440]) {
    test(`admin, ${colorScheme}, ${width} px wide`, async ({ browser, playwright }) => {
      test.setTimeout(60_000);
      const server = new Server({ VOUCH_TRUSTED_HOPS: "1" });
      server.command("demo", "--members", "2000");
      await server.start();
      const context = await browser.newContext({
        baseURL: server.url,
        colorScheme,
        viewport: { width, height: width === 320 ? 640 : 900 },
        reducedMotion: "reduce",
      });
      const page = await context.newPage();
      const picture = async (name: string) => {
        await hydrated(page);
        await page.screenshot({ path: `${folder}/admin-${name}-${colorScheme}-${width}.png`, fullPage: true });
      };
      const request = await playwright.request.newContext({ baseURL: server.url });
      await guess(request, "+79999999998", 8);
      await request.dispose();
      await becomeAdmin(page, server, "+79999999999");
      await picture("overview");
      await page.goto("/admin/members?sort=most-invitees");
      await picture("members");
      await page.getByTestId("member").first().click();
      await expect(page.getByRole("heading", { level: 1 })).toContainText("+");
      await picture("member");
      await page.getByRole("link", { name: "Block", exact: true }).click();
      await expect(page.getByRole("heading", { name: "Block this member?" })).toBeVisible();
      await picture("act");
      await page.goto("/admin/flags");
      await picture("flags");
      await page.goto("/admin/export");
      await picture("export");
      await bringFile(page, "from-the-old-system.csv", "phone_number,invite_code,e-mail\n12345,QRSTUV,a@b\n+79999999998,QQQ,c@d\n");
      await picture("import-bad");
      await bringFile(page, "put-right.csv", "phone_number,invite_code\n+79999999997,QRSTUV\n");
      await picture("import-good");
      await page.goto("/admin/imports");
      await page.getByText("Columns of the file").click();
      await picture("imports");
      await page.goto("/admin/audit");
      await picture("audit");
      await context.close();
      await server.remove();
    });
  }
}
