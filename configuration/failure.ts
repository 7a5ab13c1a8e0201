import * as pulumi from "@pulumi/pulumi";
import { formatProblem, type Problem } from "../common/problems";

/** Stops a program before its first resource, with every problem in one message and no stack trace. */
export function stopOnProblems(problems: readonly Problem[], heading: string): void {
  if (problems.length === 0) return;
  throw new ProgramStopped(problems, heading);
}

/** A program that stopped because of its configuration or of a contract. Pulumi prints a `RunError` without a stack trace. */
export class ProgramStopped extends pulumi.RunError {
  constructor(
    readonly problems: readonly Problem[],
    heading: string,
  ) {
    super(
      `${heading} (${problems.length}):\n${problems.map((problem) => `  - ${formatProblem(problem)}`).join("\n")}`,
    );
    // Pulumi's SDK formats every error's stack, in colours, for a trace that nobody asked for; that was measured to take
    // 10 s and much memory for this one. Without a stack it takes the message.
    this.stack = undefined;
  }
}
