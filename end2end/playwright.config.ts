import { defineConfig } from "@playwright/test";
import { launchOptions } from "./chromium.ts";

export default defineConfig({
  testDir: "tests",
  forbidOnly: true,
  fullyParallel: true,
  workers: 2,
  reporter: "list",
  timeout: 30_000,
  use: { launchOptions, trace: "retain-on-failure" },
  // Every journey runs with JavaScript and without. What works only with it, only without it, or needs no browser, runs once.
  projects: [
    { name: "scripting", testIgnore: "no-scripting.spec.ts" },
    { name: "no-scripting", testMatch: ["journeys.spec.ts", "admin.spec.ts", "sharing.spec.ts", "languages.spec.ts", "admin-languages.spec.ts", "account.spec.ts", "progress.spec.ts", "recycled.spec.ts", "webhooks.spec.ts", "keyboard.spec.ts", "no-scripting.spec.ts"], use: { javaScriptEnabled: false } },
  ],
});
