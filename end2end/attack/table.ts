// Prints the results of all attacks as a table when they have finished.

import type { Reporter, TestCase, TestResult } from "@playwright/test/reporter";

const COLUMNS = ["attack", "what was done", "what happened", "limit", ""];

export default class Table implements Reporter {
  private readonly attacks: string[][][] = [];

  onTestEnd(test: TestCase, result: TestResult): void {
    const verdict = result.status === "passed" ? "pass" : "FAIL";
    const found = result.annotations.filter(({ type }) => type === "found");
    // An attack that failed before its first row is in the table as well.
    const lines = found.length ? found.map(({ description }) => JSON.parse(description!)) : [["", "see above", ""]];
    this.attacks.push(lines.map((line, number) => [number ? "" : test.title, ...line, number ? "" : verdict]));
  }

  onEnd(): void {
    const rows = this.attacks.sort(([[a]], [[b]]) => parseInt(a) - parseInt(b)).flat();
    const width = (column: number) => Math.max(...[COLUMNS, ...rows].map((row) => row[column].length));
    const print = (row: string[]) => console.log(`| ${row.map((cell, column) => cell.padEnd(width(column))).join(" | ")} |`);
    console.log();
    print(COLUMNS);
    print(COLUMNS.map((_, column) => "-".repeat(width(column))));
    rows.forEach(print);
    console.log();
  }

  printsToStdio(): boolean {
    return false;
  }
}
