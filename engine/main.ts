import { findPulumi } from "./pulumi-cli";
import { NoPulumi } from "./no-pulumi";

/** Finds or builds the CLI, and says on one line of standard output which one is used. Returns the exit status. */
async function main(): Promise<number> {
  try {
    const cli = await findPulumi((line) => process.stderr.write(`${line}\n`));
    const origin = cli.origin === "path" ? "found on PATH" : "built here";
    process.stdout.write(`Pulumi CLI ${cli.version} (${origin}): ${cli.command}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof NoPulumi)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

void main().then((status) => {
  process.exitCode = status;
});
