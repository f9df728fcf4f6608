// The fixed texts of the pages, read from where they are written, in the language of the browser that a test runs in. So a journey
// names them in English, and is the same journey in every language.

import { readFileSync } from "node:fs";
import { join } from "node:path";

type Language = "en" | "ru" | "ar";

const FILES = ["src/words", "src/server/sentences"];

/** The texts of a language by the names that they have in the sources, such as MEMBER.send_code. */
function textsIn(language: Language): Map<string, string> {
  const texts = new Map<string, string>();
  for (const folder of FILES) {
    const source = readFileSync(join(import.meta.dirname, "../..", folder, `${language}.rs`), "utf8");
    for (const [, group, fields] of source.matchAll(/^pub static (\w+): \w+ = \w+ \{\n(.*?)\n\};/gms)) {
      for (const [, field, literal] of fields.matchAll(/^    (\w+): "((?:[^"\\]|\\.)*)",/gms)) {
        texts.set(`${group}.${field}`, unescaped(literal).trim());
      }
    }
  }
  return texts;
}

/** The value of a string literal of Rust. */
const unescaped = (literal: string) =>
  literal.replace(/\\\n\s*/g, "").replace(/\\u\{(\w+)\}/g, (_, code) => String.fromCodePoint(parseInt(code, 16))).replace(/\\(.)/g, "$1");

const TEXTS = { en: textsIn("en"), ru: textsIn("ru"), ar: textsIn("ar") };

let spoken: Language = "en";

/** Tells in which language the browser of this test asks for pages, such as "ru" or "en-US". */
export function speak(locale = "en"): void {
  spoken = locale.split("-")[0] as Language;
}

export const spokenLanguage = () => spoken;

/** One of these, for what is put together from a number or a name. */
export const inLanguage = <Value>(values: { en: Value; ru: Value }): Value => values[spoken as "en" | "ru"];

/**
 * A text of the pages, named by what it is in English or by how it begins there, or by its name in the sources where the English is
 * not enough ("MEMBER.log_in"). What is not there, or is not the same for all that it names, fails the test.
 */
export function say(english: string): string {
  const names = namesOf(english).filter((name) => TEXTS[spoken].has(name));
  const texts = new Set(names.map((name) => TEXTS[spoken].get(name)!));
  if (texts.size !== 1) throw new Error(`${english}: ${names.join(", ") || "no such text"}`);
  return [...texts][0];
}

function namesOf(english: string): string[] {
  if (TEXTS.en.has(english)) return [english];
  const names = [...TEXTS.en.keys()];
  const same = names.filter((name) => TEXTS.en.get(name) === english);
  return same.length > 0 ? same : names.filter((name) => TEXTS.en.get(name)!.startsWith(english));
}
