// What holds for every view: axe finds no fault, nothing is wider than the window, and all is in the language that was asked for.

import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, hydrated, scripting } from "./fixtures.ts";
import { spokenLanguage } from "./words.ts";

/** Letters of the languages that are not written in Latin ones. */
const LETTERS = { ru: "[а-яё]", ar: "[\\u0600-\\u06ff]" };
/** Elements that are the same in every language: code, and the names of the languages themselves. */
const SAME = "script, style, noscript, code, [lang=en]";

/** Checks the view that is shown; its name is for the message of a failure. Without JavaScript axe cannot look. */
export async function checkView(page: Page, view: string): Promise<void> {
  await hydrated(page);
  const language = spokenLanguage();
  await expect(page.locator("html"), view).toHaveAttribute("lang", language);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, `${view} is wider than the window`).toBeLessThanOrEqual(0);
  if (language !== "en") expect(await leftInEnglish(page), `${view} has texts in English`).toEqual([]);
  if (!(await scripting(page))) return;
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${view}: ${id}: ${nodes.map((node) => node.html)}`)).toEqual([]);
}

/**
 * The texts with three Latin letters together and no letter of the page's language, but for what is the same in every language.
 * A page with more elements of that kind names them.
 */
export async function leftInEnglish(page: Page, more = SAME): Promise<string[]> {
  const language = (await page.locator("html").getAttribute("lang")) as keyof typeof LETTERS;
  const shown = { same: `${SAME}, ${more}`, letters: LETTERS[language] };
  return page.evaluate(({ same, letters }) => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found: string[] = [];
    while (texts.nextNode()) {
      const { data, parentElement } = texts.currentNode as Text;
      const isShown = parentElement?.checkVisibility() && !parentElement.closest(same);
      // Of this server, of addresses, webhooks and files, what browsers call themselves, and codes.
      const withoutNames = data.replace(/\bVouch\b|https?:\S+|\bmsg_\w+|\w+\/\d.*|\w+\.csv|\b[A-Z2-9]{4,6}\b/g, "");
      if (isShown && /[a-z]{3}/i.test(withoutNames) && !new RegExp(letters, "i").test(data)) found.push(data);
    }
    return found;
  }, shown);
}
