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
  // Every journey runs twice; what only one side can do, and what needs no browser, has a file of its own.
  projects: [
    { name: "scripting", testIgnore: "no-scripting.spec.ts" },
    { name: "no-scripting", testMatch: ["journeys.spec.ts", "admin.spec.ts", "no-scripting.spec.ts"], use: { javaScriptEnabled: false } },
  ],
});
