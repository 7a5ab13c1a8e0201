import { Command, CommanderError } from "commander";
import { formatProblem } from "../common/problems";
import { addDeployCommands, printsEvents } from "./deploy-commands";
import { exitStatus, WrongInput } from "./outcome";
import { named } from "./named";
import { openApiCommand } from "./openapi";
import { proveCommand } from "./prove";
import { rehearseCommand, type RehearseOptions } from "./rehearse";
import { renderReport } from "./render/text-report";
import { isGood, type Report } from "./report";
import { addSummaryCommand } from "./summary";
import { addSimulateCommand } from "./simulate-command";

const exitHelp = `
Exit status: 0 all targets reachable, 1 a target blocked or unknown or the rehearsal not converged, 2 wrong input.`;

/** The command line; `finish` prints a report, `end` takes the exit status of what prints by itself. */
export function build(
  finish: (result: { report: Report; picture: string[] }, json: boolean) => void,
  end: (status: number) => void,
): Command {
  const program = new Command("gateway")
    .description(
      "One Amazon API Gateway in front of private services in other AWS accounts: rehearse and prove its paths.",
    )
    .exitOverride()
    .addHelpText("after", exitHelp);
  program
    .command("rehearse", { isDefault: false })
    .description("run the programs of all stacks against simulated AWS, and prove every request path")
    .option("--landscape <file>", "landscape file (default: the bank in examples/bank)", named)
    .option("--json", "print one JSON document on standard output")
    .option(
      "--export <dir>",
      "write each stack's resources as <project>.<stack>.json, as pulumi stack export does",
      named,
    )
    .option("--from <dir>", "start from such files instead of nothing, and say what changes", named)
    .addHelpText("after", exitHelp)
    .action(async (options: RehearseOptions & { json?: boolean }) => {
      finish(
        await rehearseCommand(options, (line) => process.stderr.write(`${line}\n`)),
        options.json === true,
      );
    });
  program
    .command("prove")
    .description("prove every request path from the files of deployed stacks (pulumi stack export)")
    .argument("<file...>", "files, one for each stack; what a missing stack decides is unknown")
    .option("--json", "print one JSON document on standard output")
    .addHelpText("after", exitHelp)
    .action((files: string[], options: { json?: boolean }) => {
      finish(proveCommand(files), options.json === true);
    });
  program
    .command("openapi")
    .description("print the API's merged OpenAPI document for readers, as JSON; nothing is deployed from it")
    .option("--landscape <file>", "landscape file (default: the bank in examples/bank)", named)
    .action(async (options: { landscape?: string }) => {
      process.stdout.write(`${JSON.stringify(await openApiCommand(options), null, 2)}\n`);
    });
  addDeployCommands(program, end);
  addSummaryCommand(program, end);
  addSimulateCommand(program, end);
  return program;
}

/** Runs the command line and returns the exit status. */
async function main(args: readonly string[]): Promise<number> {
  let status: number = exitStatus.allReachable;
  const json = args.includes("--json");
  const indent = printsEvents(args[0]) || args[0] === "simulate" ? undefined : 2;
  const program = build(
    ({ report, picture }, asJson) => {
      process.stdout.write(`${asJson ? JSON.stringify(report, null, 2) : renderReport(report, picture)}\n`);
      status = isGood(report) ? exitStatus.allReachable : exitStatus.notAllReachable;
    },
    (ended) => {
      status = ended;
    },
  );
  try {
    await program.parseAsync(args, { from: "user" });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitStatus.allReachable;
      if (json)
        process.stdout.write(`${JSON.stringify({ error: error.message, problems: [] }, null, indent)}\n`);
      return exitStatus.wrongInput;
    }
    if (!(error instanceof WrongInput)) throw error;
    process.stderr.write(
      `${error.heading} (${error.problems.length}):\n${error.problems.map((p) => `  - ${formatProblem(p)}`).join("\n")}\n`,
    );
    if (json)
      process.stdout.write(
        `${JSON.stringify({ error: error.heading, problems: error.problems }, null, indent)}\n`,
      );
    return exitStatus.wrongInput;
  }
}

/** Runs as the program of this process. */
function start(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // A reader that has seen enough, such as `head`, closes the pipe; that is no failure of this program.
    if (error.code === "EPIPE") return;
    process.stderr.write(
      `The result cannot be written to standard output (${error.code ?? error.message})\n`,
    );
    process.exit(exitStatus.notAllReachable);
  });
  // Nothing is left to tell it to, and the status tells the result all the same.
  process.stderr.on("error", () => undefined);

  // Holds when the process ends without an answer.
  process.exitCode = exitStatus.notAllReachable;
  void main(process.argv.slice(2)).then((status) => {
    process.exitCode = status;
  });
}

// The tests of the documentation ask the parser alone.
if (require.main === module) start();
