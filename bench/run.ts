import Table from "cli-table3";
import { benchSettings } from "./bench-settings";
import { median, run, runModule } from "./child";
import { compareSides } from "./compare-sides";
import { compareControlPlane, drawControlPlane } from "./control-plane";
import type { ProgramMeasurement } from "./measure-program";
import type { Side } from "./run-program";

/** One line of the result: this project against its yardstick. */
interface Row {
  what: string;
  /** Unit of both values. */
  unit: string;
  yardstick: number;
  ours: number;
  ratio: number;
  /** Largest ratio that is accepted; absent where a row only informs. */
  limit?: number;
}

interface Case {
  targets: number;
  addressesPerTarget: 1 | 2;
  rounds: number;
  /** True for the case that the limits are for. */
  limited: boolean;
}

const cases: Case[] = [
  { targets: 50, addressesPerTarget: 1, rounds: 5, limited: true },
  { targets: 10, addressesPerTarget: 1, rounds: 3, limited: false },
  // Attachments and rules for addresses are the same on both sides, so with more of them the ratios come closer to one.
  { targets: 50, addressesPerTarget: 2, rounds: 3, limited: false },
];

/** Exit status when a limit is missed. */
const missedLimit = 3;

const limits = { customResources: 0.55, milliseconds: 0.6, peakBytes: 0.75, start: 6 };
const startRounds = 5;
const loadSdk = "require('@pulumi/pulumi'); require('@pulumi/aws')";

/** Both sides alternate, so that whatever else the machine does meets both. */
function measureCase({ targets, addressesPerTarget, rounds, limited }: Case): Row[] {
  const taken: Record<Side, ProgramMeasurement[]> = { plain: [], components: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const side of round % 2 === 0
      ? (["plain", "components"] as const)
      : (["components", "plain"] as const))
      taken[side].push(
        JSON.parse(
          runModule("measure-program.ts", [side, String(targets), String(addressesPerTarget)]),
        ) as ProgramMeasurement,
      );
  }
  const name = `${targets} targets, ${addressesPerTarget === 1 ? "one address" : "two addresses"} each`;
  const row = (key: keyof ProgramMeasurement, what: string, unit: string, scale: number, limit?: number) =>
    compare(
      `${name}: ${what}`,
      unit,
      median(taken.plain.map((measurement) => measurement[key])) / scale,
      median(taken.components.map((measurement) => measurement[key])) / scale,
      limited ? limit : undefined,
    );
  return [
    row("customResources", "custom resources", "", 1, limits.customResources),
    row("milliseconds", "program time, compiled", "ms", 1, limits.milliseconds),
    row("firstMilliseconds", "program time, first run", "ms", 1),
    row("peakBytes", "peak memory above imports", "MB", 1e6, limits.peakBytes),
  ];
}

/** `npm start`, which rehearses the bank, against loading the SDK and the AWS provider's package alone. */
function measureStart(): Row {
  const load: number[] = [];
  const start: number[] = [];
  for (let round = 0; round < startRounds; round += 1) {
    load.push(run(process.execPath, ["-e", loadSdk]).milliseconds);
    start.push(run("npm", ["start", "--silent"]).milliseconds);
  }
  return compare(
    "npm start on the bank, against loading the SDK",
    "ms",
    median(load),
    median(start),
    limits.start,
  );
}

function compare(what: string, unit: string, yardstick: number, ours: number, limit?: number): Row {
  return { what, unit, yardstick, ours, ratio: ours / yardstick, ...(limit === undefined ? {} : { limit }) };
}

function print(rows: Row[]): void {
  const table = new Table({
    head: ["", "yardstick", "this project", "ratio", "limit", "below the limit by"],
    colAligns: ["left", "right", "right", "right", "right", "right"],
    style: { head: [], border: [] },
  });
  const value = (amount: number, unit: string) => `${Math.round(amount)}${unit === "" ? "" : ` ${unit}`}`;
  for (const { what, unit, yardstick, ours, ratio, limit } of rows)
    table.push([
      what,
      value(yardstick, unit),
      value(ours, unit),
      ratio.toFixed(3),
      limit === undefined ? "" : String(limit),
      limit === undefined ? "" : `${Math.round((1 - ratio / limit) * 100)} %`,
    ]);
  process.stdout.write(`${table.toString()}\n`);
}

/** Exit status 1 when the sides build different things or a limit is missed. */
async function main(json: boolean): Promise<void> {
  const differences: string[] = [];
  for (const { targets, addressesPerTarget } of cases)
    differences.push(...(await compareSides(benchSettings(targets, addressesPerTarget))));
  if (differences.length > 0) {
    process.stderr.write(`the two sides do not build the same:\n${differences.slice(0, 20).join("\n")}\n`);
    process.exitCode = 1;
    return;
  }
  const rows = [...cases.flatMap(measureCase), measureStart()];
  const controlPlane = await compareControlPlane();
  const missed = rows.filter(({ ratio, limit }) => limit !== undefined && ratio > limit);
  if (json)
    process.stdout.write(
      `${JSON.stringify({ node: process.version, rows, controlPlane, ok: missed.length === 0 }, null, 2)}\n`,
    );
  else {
    print(rows);
    process.stdout.write(`${drawControlPlane(controlPlane)}\n`);
  }
  for (const { what, ratio, limit } of missed)
    process.stderr.write(`limit missed: ${what}: ${ratio.toFixed(3)}, allowed ${limit}\n`);
  // A status of its own: a missed limit may be the machine's load, sides that differ never are.
  if (missed.length > 0) process.exitCode = missedLimit;
}

void main(process.argv.includes("--json"));
