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
  // Every journey runs twice; what only one side can do has a file of its own.
  projects: [
    { name: "scripting", testIgnore: "no-scripting.spec.ts" },
    { name: "no-scripting", testIgnore: "scripting.spec.ts", use: { javaScriptEnabled: false } },
  ],
});
