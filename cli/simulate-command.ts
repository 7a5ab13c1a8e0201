import { type Command } from "commander";
import { named } from "./named";
import { exitStatus } from "./outcome";
import { type SimulateOptions, type Simulation } from "./simulate";

const help = `
The environment is for a shell: simulate > FILE & and then . FILE. With --caller, the endpoint of an account is used by
PULUMI_DEBUG_PROVIDERS=$SIMULATED_AWS_<account> pulumi up.

Exit status: 0 after Ctrl-C or a request to terminate, 2 wrong input, nothing was served.`;

/** Adds the command; `finish` takes the exit status. */
export function addSimulateCommand(program: Command, finish: (status: number) => void): void {
  const all = (text: string, before: string[]): string[] => [...before, text];
  program
    .command("simulate")
    .description("serve simulated AWS to the Pulumi CLI until Ctrl-C, and print the environment for it")
    .option("--landscape <file>", "what exists before (default: the bank in examples/bank)", named)
    .option("--port <number>", "port of the loopback interface; those of callers follow (default: free ones)")
    .option(
      "--state <file>",
      "keep what is deployed in this file; without it nothing outlives the server",
      named,
    )
    .option("--fail-call <number>", "let this call fail, counted from the start; may be repeated", all, [])
    .option("--fail-type <type>", "let the next call of this type fail; may be repeated", all, [])
    .option("--after-effect", "let such calls take effect, and lose only their answer")
    .option(
      "--caller <account>",
      "one more endpoint, for credentials of this account; may be repeated",
      all,
      [],
    )
    .option("--json", "print one JSON document on standard output, in one line")
    .addHelpText("after", help)
    .action(async (options: SimulateOptions & { json?: boolean }) => {
      finish(await run(options));
    });
}

async function run(options: SimulateOptions & { json?: boolean }): Promise<number> {
  // The protocol takes long to load, and the other commands have no use for it.
  const { simulateCommand } = await import("./simulate");
  const tell = (line: string): void => void process.stderr.write(`${line}\n`);
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  const simulation = await simulateCommand(options, tell);
  const { document } = simulation;
  process.stdout.write(options.json === true ? `${JSON.stringify(document)}\n` : shellLines(simulation));
  tell(
    `AWS is simulated: no account is touched, and what is deployed with this environment exists in ${document.state ?? "this process alone"}. Ctrl-C ends it.`,
  );
  await stopped;
  simulation.close();
  return exitStatus.allReachable;
}

/** The environment as a shell reads it. */
function shellLines({ document: { environment, callers } }: Simulation): string {
  const variables = {
    ...environment,
    ...Object.fromEntries(
      callers.map(({ account, environment: own }) => [
        `SIMULATED_AWS_${account}`,
        own.PULUMI_DEBUG_PROVIDERS ?? "",
      ]),
    ),
  };
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}='${value}'\n`)
    .join("");
}
