import { readFileSync } from "node:fs";
import { type Command } from "commander";
import { exitStatus, WrongInput } from "./outcome";
import { renderRunMarkdown } from "./render/run-markdown";
import { changedResources, readRunRecord, type RunRecord } from "./run-record";

export interface SummaryOptions {
  title?: string;
  expectNoChanges?: boolean;
}

const help = `
Exit status: 0 the command came to its end; 1 it did not, or was refused, or its events are cut off, or with
--expect-no-changes a resource has changed; 2 the file cannot be read.`;

/** Adds the command that says in Markdown what a run has told with --json. */
export function addSummaryCommand(program: Command, finish: (status: number) => void): void {
  program
    .command("summary")
    .description("say in Markdown what preview, up, refresh or destroy has told with --json")
    .argument("<file>", "file with the events, also of a run that was cut off; - is standard input")
    .option("--title <text>", "beginning of the heading, such as the landscape's name")
    .option("--expect-no-changes", "end with 1 when a resource has changed: of a refresh, drift")
    .addHelpText("after", help)
    .action((file: string, options: SummaryOptions) => {
      const { text, status } = summaryCommand(file, options);
      process.stdout.write(`${text}\n`);
      finish(status);
    });
}

/** Reads the file and renders it. Throws `WrongInput` when it cannot be read. */
export function summaryCommand(file: string, options: SummaryOptions): { text: string; status: number } {
  const record = readRunRecord(readText(file));
  return { text: renderRunMarkdown(record, options.title), status: statusOf(record, options) };
}

function statusOf(record: RunRecord, { expectNoChanges = false }: SummaryOptions): number {
  const good =
    record.refusal === undefined &&
    record.summary?.complete === true &&
    !(expectNoChanges && changedResources(record) > 0);
  return good ? exitStatus.allReachable : exitStatus.notAllReachable;
}

function readText(file: string): string {
  try {
    return readFileSync(file === "-" ? process.stdin.fd : file, "utf8");
  } catch (error) {
    throw new WrongInput("The events cannot be read", [
      {
        where: "summary",
        what: `names a file that cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`,
        value: file,
        allowed: "a file with the lines that a command printed with --json, or - for standard input",
        change: "correct the path",
      },
    ]);
  }
}
