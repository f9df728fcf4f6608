// The fixed texts of the pages, read from where they are written, so that a journey in another language follows its words.

import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Tells a text by the name that it has in src/words; a name that is not there fails the test. */
type Say = (name: string) => string;
export type Words = { member: Say; refusals: Say; admin: Say };

function words(language: "en" | "ru"): Words {
  const source = readFileSync(join(import.meta.dirname, `../../src/words/${language}.rs`), "utf8");
  const group = (name: string): Say => {
    const [, fields] = new RegExp(`pub static ${name}: \\w+ = \\w+ \\{\\n(.*?)\\n\\};`, "s").exec(source)!;
    const texts = new Map([...fields.matchAll(/^    (\w+): "((?:[^"\\]|\\.)*)",/gms)].map(([, field, text]) => [field, unescaped(text)]));
    return (field) => {
      const text = texts.get(field);
      if (text === undefined) throw new Error(`src/words/${language}.rs has no ${name}.${field}`);
      return text;
    };
  };
  return { member: group("MEMBER"), refusals: group("REFUSALS"), admin: group("ADMIN") };
}

/** The value of a string literal of Rust. */
const unescaped = (literal: string) =>
  literal.replace(/\\\n\s*/g, "").replace(/\\u\{(\w+)\}/g, (_, code) => String.fromCodePoint(parseInt(code, 16))).replace(/\\(.)/g, "$1");

export const english = words("en");
export const russian = words("ru");
