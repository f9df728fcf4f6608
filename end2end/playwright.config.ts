import { defineConfig } from "@playwright/test";
import { launchOptions } from "./chromium.ts";
import { PLACE } from "./server.ts";

/** What people do. */
const JOURNEYS = ["journeys", "sharing", "account", "progress", "recycled", "keyboard", "admin", "webhooks"].map((name) => `${name}.spec.ts`);
const NEEDS_SCRIPTING = ["scripting.spec.ts", "accessibility.spec.ts", "admin-views.spec.ts"];
const WITHOUT_SCRIPTING = "no-scripting.spec.ts";
const withoutScripting = { javaScriptEnabled: false };

const IN_RUSSIAN = [
  { name: "Russian", testMatch: [...JOURNEYS, ...NEEDS_SCRIPTING], use: { locale: "ru" } },
  { name: "Russian without JavaScript", testMatch: [...JOURNEYS, WITHOUT_SCRIPTING], use: { locale: "ru", ...withoutScripting } },
];

export default defineConfig({
  testDir: "tests",
  forbidOnly: true,
  fullyParallel: true,
  workers: 2,
  reporter: "list",
  timeout: 30_000,
  // With traces the tests take half as long again; `--trace on` records them.
  use: { launchOptions },
  // Every journey runs in English and in Russian, with JavaScript and without. What has a language of its own, or needs no browser,
  // is with the English ones. What is different on two servers has no language.
  projects: [
    { name: "English", testIgnore: WITHOUT_SCRIPTING },
    { name: "English without JavaScript", testMatch: [...JOURNEYS, "languages.spec.ts", WITHOUT_SCRIPTING], use: withoutScripting },
    ...(PLACE === "two-servers" ? [] : IN_RUSSIAN),
  ],
});
