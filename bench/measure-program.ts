import { readFileSync, writeFileSync } from "node:fs";
import { benchSettings } from "./bench-settings";
import { median } from "./child";
import { loadLandscape, loadResourceClasses, runProgram, type Side } from "./run-program";

/** What one process took to run one side's program. */
export interface ProgramMeasurement {
  customResources: number;
  /** Largest resident memory while the program ran for the first time, above that after the imports, in bytes. */
  peakBytes: number;
  /** From the start of the program to the end of its last registration, the first time. */
  firstMilliseconds: number;
  /** Median of the next runs in the same process, when V8 has compiled what both sides use of the SDK. */
  milliseconds: number;
}

const furtherRuns = 7;

/**
 * Measures one side in this process. Stack traces are off: the SDK keeps one for every promise, which under mocks takes
 * longer than all the rest, and would hide what is measured.
 */
async function measure(side: Side, targets: number, addressesPerTarget: 1 | 2): Promise<ProgramMeasurement> {
  Error.stackTraceLimit = 0;
  const landscape = await loadLandscape(side);
  loadResourceClasses();
  const settings = benchSettings(targets, addressesPerTarget);
  globalThis.gc?.();
  const before = restartPeak();
  const start = performance.now();
  const registrations = await runProgram(landscape, settings);
  const firstMilliseconds = performance.now() - start;
  const peakBytes = peak() - before;
  const further: number[] = [];
  for (let round = 0; round < furtherRuns; round += 1) {
    globalThis.gc?.();
    const again = performance.now();
    await runProgram(landscape, settings);
    further.push(performance.now() - again);
  }
  return {
    customResources: registrations.filter((registration) => registration.custom).length,
    peakBytes,
    firstMilliseconds,
    milliseconds: median(further),
  };
}

/** Forgets the peak so far where the system can, and returns the resident memory from which the next one rises. */
function restartPeak(): number {
  if (process.platform === "linux") writeFileSync("/proc/self/clear_refs", "5");
  return process.memoryUsage.rss();
}

function peak(): number {
  if (process.platform !== "linux") return process.resourceUsage().maxRSS * 1024;
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  if (kilobytes === undefined) throw new Error("/proc/self/status names no VmHWM");
  return Number(kilobytes) * 1024;
}

// Arguments: side, targets, addresses per target; one JSON document on standard output.
const [side, targets, addresses] = process.argv.slice(2);
void measure(side === "plain" ? "plain" : "components", Number(targets), addresses === "2" ? 2 : 1).then(
  (result) => {
    process.stdout.write(JSON.stringify(result));
  },
);
