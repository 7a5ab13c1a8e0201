// Adds up what the runners counted: mocha's JSON reports, and for other steps one line `name passed|failed`.
// Arguments: the folder of mocha's reports and the file with the steps' lines. Prints the summary as the last line.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const [folder, steps] = process.argv.slice(2);
let passed = 0;
let failed = 0;
let skipped = 0;
for (const name of readdirSync(folder).filter((file) => file.endsWith(".json"))) {
  const { stats } = JSON.parse(readFileSync(join(folder, name), "utf8"));
  passed += stats.passes;
  failed += stats.failures;
  skipped += stats.pending;
}
for (const line of existsSync(steps) ? readFileSync(steps, "utf8").split("\n").filter(Boolean) : []) {
  if (line.endsWith(" passed")) passed += 1;
  else failed += 1;
  console.log(`step ${line}`);
}
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed > 0 || skipped > 0 ? 1 : 0;
