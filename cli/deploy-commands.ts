import type { Command } from "commander";
import { type DriverEvent } from "../deploy/events";
import { type Outcome } from "../deploy/run";
import { type DeployCommand, type DeployOptions } from "./deploy";
import { exitStatus } from "./outcome";

const descriptions: Record<DeployCommand, string> = {
  preview:
    "show what up would do: the engine's preview of each stack, and a rehearsal of all passes with its proof",
  up: "update all stacks in the order that their contracts demand, until nothing changes, and prove every path",
  refresh: "read every resource anew, say what has changed outside of the stacks, and prove every path",
  destroy: "delete the resources of all stacks, the gateway's first",
};

const help = `
Exit status: 0 all stacks done and, but for destroy and --only, all targets reachable; 1 otherwise; 2 wrong input, nothing
changed. With --only, targets that wait for other stacks are no failure.`;

/** True for a command that prints an event for each line with --json. */
export function printsEvents(command: string | undefined): boolean {
  return command !== undefined && Object.hasOwn(descriptions, command);
}

/** Adds the commands on deployed stacks; `finish` takes the exit status. */
export function addDeployCommands(program: Command, finish: (status: number) => void): void {
  for (const name of Object.keys(descriptions) as DeployCommand[]) {
    const command = program
      .command(name)
      .description(descriptions[name])
      .requiredOption("--landscape <file>", "landscape file")
      .option("--only <project/stack>", "this stack alone, with the credentials of its account")
      .option("--parallel <number>", "stacks worked on at a time (default: 4)")
      .option("--json", "print one JSON document for each event, a line each")
      .addHelpText("after", help);
    if (name !== "preview")
      command.option("--unlock", "remove the lock of an update that does not run any more");
    if (name === "up" || name === "preview" || name === "destroy")
      command.option(
        "--allow-loss <target>",
        "go on although this target is reachable now and would not be afterwards; may be repeated",
        (target: string, before: string[]) => [...before, target],
        [] as string[],
      );
    command.action(async (options: DeployOptions & { json?: boolean }) => {
      finish(await run(name, options));
    });
  }
}

async function run(name: DeployCommand, options: DeployOptions & { json?: boolean }): Promise<number> {
  // The Automation API takes long to load, and the other commands have no use for it.
  const [{ deployCommand }, { renderEvent }, { renderOutcome }] = await Promise.all([
    import("./deploy"),
    import("./render/driver-events"),
    import("./render/outcome-report"),
  ]);
  const json = options.json === true;
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const tell = (event: DriverEvent): void => {
    if (json) print(JSON.stringify(event));
    else renderEvent(event).forEach(print);
  };
  const outcome = await deployCommand(name, options, (line) => process.stderr.write(`${line}\n`), tell);
  print(
    json ? JSON.stringify({ event: "summary", command: name, ...outcome }) : renderOutcome(name, outcome),
  );
  return isGood(name, options, outcome) ? exitStatus.allReachable : exitStatus.notAllReachable;
}

function isGood(name: DeployCommand, { only, allowLoss = [] }: DeployOptions, outcome: Outcome): boolean {
  if (!outcome.complete) return false;
  if (name === "destroy") return true;
  if (only !== undefined) return outcome.lost.every((target) => allowLoss.includes(target));
  return (
    outcome.proof.targets.length > 0 &&
    outcome.proof.targets.every(({ verdict }) => verdict === "reachable") &&
    outcome.proof.findings.every(({ severity }) => severity === "risk")
  );
}
