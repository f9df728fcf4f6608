// Takes a picture when the page has settled: what it is about is shown, the app has taken it over, its fonts are there. A page
// that is wider than the window fails.

import type { Locator, Page } from "@playwright/test";
import { expect, hydrated } from "../tests/fixtures.ts";

export async function takePicture(page: Page, name: string, shown: Locator): Promise<void> {
  await expect(shown).toBeVisible();
  await hydrated(page);
  await page.evaluate(() => document.fonts.ready.then(() => {}));
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, `${name} is wider than the window`).toBeLessThanOrEqual(0);
  await page.screenshot({ path: `test-results/screenshots/${name}.png`, fullPage: true, animations: "disabled" });
}
