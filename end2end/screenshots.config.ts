import { defineConfig } from "@playwright/test";
import { launchOptions } from "./chromium.ts";

// Pictures to look at, not to compare: `make screenshots` puts them in test-results/screenshots.
export default defineConfig({
  testDir: "screenshots",
  reporter: "list",
  workers: 2,
  fullyParallel: true,
  // Upper limits for a busy machine; nothing waits for a time to pass.
  timeout: 5 * 60_000,
  expect: { timeout: 30_000 },
  use: { launchOptions, deviceScaleFactor: 2 },
});
